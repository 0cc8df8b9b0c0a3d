export { Badge, StaleBadge, type Tone } from './badge.tsx';
export { Button, IconButton, type ButtonProps, type IconButtonProps } from './button.tsx';
export { Cell, useCell } from './cell.ts';
export { ChartFigure, type ChartFigureProps } from './chart-figure.tsx';
export { ChartFrame, type ChartFrameProps, type ChartSeries } from './chart-frame.tsx';
export { currencyDigits } from './currency-digits.ts';
export { DataTable, type DataTableProps } from './data-table.tsx';
export { defineMessages, messagesOf, useMessages, type Catalogue } from './define-messages.ts';
export { Dialog, Drawer, type DialogProps } from './dialog.tsx';
export { formatMoney } from './format-money.ts';
export { formatCount, formatFixed, formatMs, formatShare, formatSigned } from './format-number.ts';
export { formatClock, formatClockMs, formatDay, formatDayClock, formatDuration, formatMinute } from './format-time.ts';
export { locale, type Locale } from './locale.ts';
export { Menu, type MenuItem, type MenuProps } from './menu.tsx';
export { DeniedPanel, EmptyState, ErrorPanel, Notice, type ErrorPanelProps, type NoticeProps } from './notice.tsx';
export { Panel, type PanelProps, type PanelState } from './panel.tsx';
export {
  chooseDensity,
  chooseLocale,
  chooseTheme,
  density,
  readPreferences,
  recall,
  remember,
  theme,
  toggleTheme,
  type Density,
  type Theme,
} from './preferences.ts';
export { Select, type SelectProps } from './select.tsx';
export { Skeleton, SkeletonRows, StatStrip, StatTile, type StatTileProps } from './stat-tile.tsx';
export { Table, type Column, type TableProps } from './table.tsx';
export { Tabs, type TabsProps } from './tabs.tsx';
export { showToast, type ToastContent } from './toast.tsx';
export { Tooltip } from './tooltip.tsx';
export { UiRoot } from './ui-root.tsx';
export { useNow } from './use-now.ts';
