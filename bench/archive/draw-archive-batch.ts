import { toInstant, nowMs } from '@trancendos/platform/clock';
import type { Received } from '@trancendos/platform/consume';
import type { ArchivedTopic } from '@trancendos/review/archivist';
import { sampleLabel, sampleOutcome } from '@trancendos/review/sample-outcome';

/** Among whom decisions are drawn. */
export interface ArchiveWorkload {
  readonly merchants: number;
  readonly accounts: number;
}

const FEATURES = 51;
const REASON_CODES = [
  'terminal_mostly_fraud',
  'amount_above_usual',
  'velocity_high',
  'customer_ordinary',
  'terminal_unusual',
  'time_unusual',
];
/** Of a hundred decisions. */
const LABELLED = 1;

let seq = 0;

/**
 * The next decisions, committed now, as large as real ones: fifty feature values, three reasons, and every stage timed. One in a hundred comes with a
 * label for one before it.
 */
export function drawArchiveBatch(size: number, { merchants, accounts }: ArchiveWorkload): Received<ArchivedTopic>[] {
  const origin = { partition: 0, offset: 0n, key: 'k', correlationId: 'req', sentAtMs: 0, receivedAtMs: 0 };
  const atMs = nowMs();
  const messages: Received<ArchivedTopic>[] = [];
  for (let place = 0; place < size; place++) {
    seq++;
    const draw = (below: number, lane: number) => Math.floor(unit(seq * 8 + lane) * below);
    const outcome = sampleOutcome({
      seq,
      atMs,
      merchantId: `shop-${draw(merchants, 0)}`,
      payer: { account_id: `ACC-${draw(accounts, 1)}`, card_token: `tok-${draw(accounts, 1)}` },
      terminalId: `T-${draw(merchants * 10, 2)}`,
      action: draw(100, 3) < 2 ? 'decline' : draw(100, 3) < 5 ? 'review' : 'approve',
      score: draw(1_000, 3),
      amountMinor: draw(20_000, 4),
      reasons: [0, 1, 2].map((n) => REASON_CODES[(draw(6, 5) + n) % 6] ?? ''),
      timings: { ingest: 1 + draw(5, 6), to_scoring: 1.25, scoring: 0.5 + draw(3, 7), to_ledger: 1.125, ledger: 2.5 },
    });
    const features = Array.from({ length: FEATURES }, (_, n) => unit(seq * FEATURES + n) * 100);
    messages.push({ ...origin, topic: 'outcomes', value: { ...outcome, features } });
    if (draw(100, 5) < LABELLED) {
      const { transaction } = outcome;
      const label = sampleLabel({ n: seq, transactionId: transaction.transaction_id, merchantId: transaction.merchant_id });
      messages.push({ ...origin, topic: 'labels', value: { ...label, occurred_at: toInstant(atMs) } });
    }
  }
  return messages;
}

/** A number of 0 to 1, the same for the same place (splitmix32). */
function unit(place: number): number {
  let mixed = (place + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}
