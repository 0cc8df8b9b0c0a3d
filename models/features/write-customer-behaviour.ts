import type { AmountSummary } from './amount-history.ts';
import type { EventRing } from './event-ring.ts';
import { DAY_MS, EVENTS_LOOKED_AT_MAX, HISTORY_DAYS } from './feature-windows.ts';

/** From so many times the usual amount on a payment is far above it. Amounts around their mean by half of it reach that once in two hundred. */
export const RAISED_RATIO = 2.3;
const RAISED_DAYS = [3, 7, 14] as const;
const LONGEST_DAYS = 14;
/** Logarithms of ratios between which the excess of a payment is counted. */
const EXCESS_FROM = Math.log(1.5);
const EXCESS_MOST = 2;

/** Writes `CUSTOMER_BEHAVIOUR_FEATURES` of a payment behind the events before `end`. Amounts are in units of money. */
export function writeCustomerBehaviour(
  ring: EventRing,
  summary: AmountSummary,
  payment: { readonly timeMs: number; readonly amount: number; readonly end: number; readonly firstMs: number },
  out: Float64Array,
): void {
  const { timeMs, amount, end } = payment;
  const { count, median, high, usual, rank } = summary;
  const ageDays = Math.max(0, (timeMs - Math.min(payment.firstMs, timeMs)) / DAY_MS);
  out[0] = count;
  out[1] = count > 0 ? (count + 1) / (ageDays + 2) : 0.5;
  out[2] = end > ring.start ? Math.min(HISTORY_DAYS, (timeMs - ring.timeAt(end - 1)) / DAY_MS) : HISTORY_DAYS;
  out[3] = usual;
  out[4] = count > 0 ? amount / usual : 1;
  out[5] = count > 0 ? amount / median : 1;
  out[6] = count > 0 ? amount / high : 1;
  out[7] = count > 0 ? rank : 0.5;
  writeRaised(ring, count > 0 ? usual : Infinity, payment, out);
}

function writeRaised(
  ring: EventRing,
  usual: number,
  { timeMs, end }: { readonly timeMs: number; readonly end: number },
  out: Float64Array,
): void {
  out.fill(0, 8, 13);
  let excess = 0;
  let highest = 0;
  for (let position = end - 1; position >= Math.max(ring.start, end - EVENTS_LOOKED_AT_MAX); position--) {
    const ageMs = timeMs - ring.timeAt(position);
    if (ageMs >= LONGEST_DAYS * DAY_MS) break;
    const ratio = ring.valueAt(position) / 1000 / usual;
    highest = Math.max(highest, ratio);
    if (ratio <= 1.5) continue;
    excess += Math.min(Math.log(ratio) - EXCESS_FROM, EXCESS_MOST);
    if (ratio <= RAISED_RATIO) continue;
    for (let index = 0; index < RAISED_DAYS.length; index++) {
      if (ageMs < (RAISED_DAYS[index] as number) * DAY_MS) out[8 + index] = (out[8 + index] as number) + 1;
    }
  }
  out[11] = excess;
  out[12] = highest;
}
