export { Cell, useCell } from './cell.ts';
export { currencyDigits } from './currency-digits.ts';
export { formatMoney } from './format-money.ts';
export { formatCount, formatFixed, formatMs, formatShare, formatSigned } from './format-number.ts';
export { formatClock, formatClockMs, formatDay, formatDayClock, formatDuration } from './format-time.ts';
export { locale, type Locale } from './locale.ts';
export { DeniedPanel, EmptyState, ErrorPanel, Notice, type ErrorPanelProps, type NoticeProps } from './notice.tsx';
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
export { useNow } from './use-now.ts';
