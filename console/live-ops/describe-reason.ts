import type { Reason } from '@trancendos/contracts/decision';
import { messagesOf } from '@trancendos/shell-api';
import { nameReason } from '../wording/name-reason.ts';
import { DRAWER_MESSAGES } from './drawer-messages.ts';

const TITLES = {
  amount: 'reasonAmount',
  velocity: 'reasonVelocity',
  terminal: 'reasonTerminal',
  time: 'reasonTime',
  customer: 'reasonCustomer',
} as const;
const isTitled = (category: string): category is keyof typeof TITLES => category in TITLES;

/** What a reason is about, in a word or two. Rules, the ledger and the platform name their own: `Insufficient funds`. */
export function describeReason({ category, code }: Reason): string {
  return isTitled(category) ? messagesOf(DRAWER_MESSAGES)[TITLES[category]] : nameReason(code);
}
