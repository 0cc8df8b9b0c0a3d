import type { Reason } from '@trancendos/contracts/decision';
import { messagesOf } from '@trancendos/shell-api';
import { DRAWER_MESSAGES } from './drawer-messages.ts';

const TITLES = { amount: 'reasonAmount', velocity: 'reasonVelocity', terminal: 'reasonTerminal', time: 'reasonTime' } as const;
const isTitled = (category: string): category is keyof typeof TITLES => category in TITLES;

/** What a reason is about, in a word or two. Rules, the ledger and the platform name their own: `Insufficient funds`. */
export function describeReason({ category, code }: Reason): string {
  return isTitled(category) ? messagesOf(DRAWER_MESSAGES)[TITLES[category]] : sentence(code);
}

function sentence(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
