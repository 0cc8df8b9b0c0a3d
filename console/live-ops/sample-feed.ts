import type { FeedItem, FeedTotals, Frame, Snapshot } from '@trancendos/contracts/socket';

/** A plausible row for tests; `change` overrides what a test is about. */
export function sampleItem(seq: number, change: Partial<FeedItem> = {}): FeedItem {
  return {
    seq,
    transaction_id: `tx-${seq}`,
    decision_id: `dec_${seq}`,
    merchant_id: 'books-03',
    terminal_id: null,
    payer: { account_id: 'ACC-1', card_token: 'card_1' },
    occurred_at: '2026-05-01T16:04:11.482Z',
    decided_at: '2026-05-01T16:04:11.490Z',
    amount_minor: 1_249,
    currency: 'EUR',
    score: 120,
    action: 'approve',
    reasons: [],
    money: { state: 'posted', transfer_id: null, expires_at: null },
    ledger_seq: seq,
    model: 'luminous-1',
    degraded: false,
    timings_ms: {},
    total_ms: 12,
    ...change,
  };
}

/** Totals in which only the number of outcomes means something. */
export function sampleTotals(outcomes: number): FeedTotals {
  return { outcomes, per_second: 20, last_5_min: { approve: outcomes, review: 0, decline: 0 }, answer_ms: null, ledger: null };
}

/** What messages of a room have in common, as it stands at `seq`. */
function roomFields(seq: number, items: FeedItem[]) {
  return {
    room: 'a/1',
    frame: seq,
    items,
    counts: { approve: seq, review: 0, decline: 0 },
    totals: sampleTotals(seq),
    position: `0:${seq}`,
  };
}

/** A frame of `fromSeq .. toSeq`; with `sent` the rows that were sent of it, one in `sampled`. */
export function sampleFrame(fromSeq: number, toSeq: number, sent = rowsBetween(fromSeq, toSeq), sampled = 1): Frame {
  return { ...roomFields(toSeq, sent), from_seq: fromSeq, to_seq: toSeq, sampled };
}

/** A snapshot that ends at `seq`, with the rows from `fromSeq` on. */
export function sampleSnapshot(fromSeq: number, seq: number, changes: Partial<Snapshot> = {}): Snapshot {
  return { ...roomFields(seq, rowsBetween(fromSeq, seq)), filter: '', from_seq: fromSeq, seq, missed: null, sampled: 1, ...changes };
}

function rowsBetween(fromSeq: number, toSeq: number): FeedItem[] {
  return Array.from({ length: Math.max(0, toSeq - fromSeq + 1) }, (_, index) => sampleItem(fromSeq + index));
}
