import type { Reason } from '@trancendos/contracts/decision';
import { messagesOf } from '@trancendos/shell-api';
import { formatFixed } from '@trancendos/ui';
import { REASON_FACTS } from './reason-facts.ts';

type FactText = (typeof REASON_FACTS)['en'];
type FactName = { readonly [K in keyof FactText]: FactText[K] extends string ? never : K }[keyof FactText];

const N = String.raw`(\d+(?:\.\d+)?)`;
const RAISED = (after: string) => String.raw`, ${after} (\d+)(?: more)? far above it in 14 days`;
const THEFT = ', after payments that look like theft';
const LIST = String.raw`(the paying account|the card|the terminal|the merchant) is on the list (\S+)`;
const MOMENT = String.raw`(\w+day) (\d\d:\d\d) UTC, (at night|on a weekend|by day)`;
const FRAUDS = String.raw`${N} known frauds? among ${N} payments in (a|\d+) days? up to a week ago, usually none`;

/** How the platform states each fact, with its values in the order in which they are worded. */
const FORMS: readonly (readonly [name: FactName, stated: string])[] = [
  ['amount', `${N}, usually ${N}`],
  ['firstAmount', `${N}, first payment of this payer`],
  ['velocity', `${N} in 24 h, usually ${N}`],
  ['firstPayment', 'first payment of this payer'],
  ['aboutUsual', `about the usual ${N}`],
  ['aboutUsualRaised', `about the usual ${N}${RAISED('after')}`],
  ['aboutUsualTheft', `about the usual ${N}${THEFT}`],
  ['timesUsual', `${N} times the usual ${N}`],
  ['timesUsualRaised', `${N} times the usual ${N}${RAISED('and')}`],
  ['timesUsualTheft', `${N} times the usual ${N}${THEFT}`],
  ['frauds', FRAUDS],
  ['noFraud', `no known fraud among ${N} payments in 30 days up to a week ago`],
  ['newTerminal', 'no payment there more than 7 days ago'],
  ['noTerminal', 'no terminal named'],
  ['moment', MOMENT],
  ['listed', LIST],
  ['aboveLimit', `${N}, the limit is ${N}`],
  ['manyPayments', `${N} payments in 24 h, more than ${N}`],
  ['mostlyFraud', `${N} % of ${N} payments at the terminal in 7 days are known frauds`],
  ['withoutScore', `${N} with no score, more than ${N}`],
  ['funds', `${N} ([A-Z]{3}) needed, (-?\\d+(?:\\.\\d+)?) available`],
  ['paymentsLimit', `${N} payments in (\\S+), at most ${N} allowed`],
  ['sumLimit', String.raw`${N} minor units in (\S+) and ${N} more, at most ${N} allowed`],
  ['notOpen', String.raw`(\S+) is not open`],
  ['frozen', String.raw`(\S+) is frozen`],
  ['closed', String.raw`(\S+) is closed`],
  ['sameAccount', String.raw`both sides are (\S+)`],
  ['currencies', '([A-Z]{3}) cannot become ([A-Z]{3})'],
  ['capacity', String.raw`(\S+) has reached the highest total that the ledger counts`],
  ['policy', "no decision within the deadline, so the merchant's policy decides"],
  ['sandbox', 'asked for by a test token'],
];
const PATTERNS = FORMS.map(([name, stated]) => [name, new RegExp(`^${stated}$`)] as const);

/**
 * A reason's fact in the reader's language, with numbers as it writes them. A message of no known form, such as that of a rule that somebody
 * has written, stays as it is.
 */
export function wordReason({ message }: Pick<Reason, 'message'>): string {
  const text = messagesOf(REASON_FACTS);
  for (const [name, pattern] of PATTERNS) {
    const stated = pattern.exec(message)?.slice(1);
    const say: (...values: string[]) => string = text[name];
    if (stated) return say(...stated.map((value) => wordValue(value, text)));
  }
  return message;
}

/** Numbers by locale, days and lists by their names; `a` is how the platform says one day. */
function wordValue(value: string, text: FactText): string {
  if (/^-?\d+(\.\d+)?$/.test(value)) return formatFixed(Number(value), value.split('.')[1]?.length ?? 0);
  if (value === 'a') return '1';
  const named = Object.hasOwn(text, value) ? text[value as keyof FactText] : undefined;
  return typeof named === 'string' ? named : value;
}
