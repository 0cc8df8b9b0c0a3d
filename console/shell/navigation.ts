import type { Capability } from '@trancendos/shell-api';
import { BookOpen, ChartNoAxesColumn, Activity, ShieldCheck, type LucideIcon } from 'lucide-react';
import type { ShellMessages } from './messages.ts';

export interface NavigationItem {
  readonly href: string;
  readonly label: keyof ShellMessages & `nav${string}`;
  readonly group: keyof ShellMessages & `group${string}`;
  readonly capability: Capability;
  readonly Icon: LucideIcon;
  /** Pressed after `g`. */
  readonly key: string;
}

/** The pages that the rail leads to, in order. */
export const NAVIGATION: readonly NavigationItem[] = [
  { href: '/live', label: 'navLive', group: 'groupOperate', capability: 'live:read', Icon: Activity, key: 'l' },
  { href: '/ledger', label: 'navLedger', group: 'groupOperate', capability: 'ledger:read', Icon: BookOpen, key: 'b' },
  { href: '/insights', label: 'navInsights', group: 'groupUnderstand', capability: 'insights:read', Icon: ChartNoAxesColumn, key: 'i' },
  { href: '/governance', label: 'navGovernance', group: 'groupGovern', capability: 'governance:read', Icon: ShieldCheck, key: 'v' },
];
