import type { Reason } from '@trancendos/contracts/decision';

const TITLES: Partial<Record<Reason['category'], string>> = {
  amount: 'Amount',
  velocity: 'Velocity',
  terminal: 'Terminal history',
  time: 'Time of day',
};

/** What a reason is about, in a word or two. Rules, the ledger and the platform name their own: `Insufficient funds`. */
export function describeReason({ category, code }: Reason): string {
  return TITLES[category] ?? sentence(code);
}

function sentence(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
