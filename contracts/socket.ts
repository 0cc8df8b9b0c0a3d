import { z } from 'zod';
import type { Balance } from './balance.ts';
import { Action, Reason, Timings } from './decision.ts';
import { LedgerSummary } from './http.ts';
import { Payer } from './transaction.ts';
import { Instant } from './instant.ts';
import { AmountMinor, Currency } from './money.ts';
import { Money } from './outcome.ts';

/** Version of the messages below; a client of another version reloads. */
export const FEED_VERSION = 1;

/** One row of the live feed. `seq` is the row's place in the feed since the gateway's epoch began: gapless, from 1. */
export const FeedItem = z.strictObject({
  seq: z.int().min(1),
  transaction_id: z.string(),
  decision_id: z.string(),
  merchant_id: z.string(),
  terminal_id: z.string().nullable(),
  payer: Payer,
  occurred_at: Instant,
  decided_at: Instant,
  amount_minor: AmountMinor,
  currency: Currency,
  score: z.int().min(0).max(1000),
  action: Action,
  reasons: z.array(Reason).max(5),
  money: Money,
  ledger_seq: z.int().min(1),
  model: z.string().nullable(),
  degraded: z.boolean(),
  timings_ms: Timings,
  /** Sum of the stages, from the request's arrival to the commit. */
  total_ms: z.number().min(0),
});
export type FeedItem = z.infer<typeof FeedItem>;

/** Counters over all outcomes, whether or not their rows were sent. */
export const FeedTotals = z.strictObject({
  /** Since the epoch began. */
  outcomes: z.int().min(0),
  /** Over the last 10 s. */
  per_second: z.number().min(0),
  last_5_min: z.strictObject({ approve: z.int(), review: z.int(), decline: z.int() }),
  /** Over the last 60 s; null while there is nothing to measure. */
  answer_ms: z.strictObject({ p50: z.number(), p99: z.number() }).nullable(),
  ledger: LedgerSummary.nullable(),
});
export type FeedTotals = z.infer<typeof FeedTotals>;

/** First message on every connection. `epoch` changes when the gateway restarts: sequence numbers then begin anew. */
export const Hello = z.strictObject({
  v: z.literal(FEED_VERSION),
  epoch: z.string(),
  server_time: Instant,
  frame_ms: z.int(),
  /** Scores from which a transaction is held, and declined. */
  thresholds: z.strictObject({ review: z.int(), decline: z.int() }),
});
export type Hello = z.infer<typeof Hello>;

/** Where the feed stands now: the newest rows, oldest first, and the sequence that frames go on from. */
export const Snapshot = z.strictObject({ epoch: z.string(), seq: z.int().min(0), items: z.array(FeedItem), totals: FeedTotals });
export type Snapshot = z.infer<typeof Snapshot>;

/**
 * What came within one frame. Rows `from_seq .. to_seq`, `from_seq` being one more than the last frame's `to_seq`.
 * Where `sent` is less than `to_seq - from_seq + 1` the rows were sampled; reviews and declines are never left out.
 */
export const Frame = z.strictObject({
  epoch: z.string(),
  from_seq: z.int().min(1),
  to_seq: z.int().min(0),
  sent: z.int().min(0),
  items: z.array(FeedItem),
  totals: FeedTotals,
});
export type Frame = z.infer<typeof Frame>;

/** Client to server: start, or go on after `since` of `epoch`; answered by frames where the buffer reaches back, else by a snapshot. */
export const Subscribe = z.strictObject({ epoch: z.string().max(64).optional(), since: z.int().min(0).optional() });
export type Subscribe = z.infer<typeof Subscribe>;

/** Client to server: follow the balances of at most 20 accounts; replaces what was followed before. Answered with their present values. */
export const WatchAccounts = z.strictObject({ account_ids: z.array(z.string().max(96)).max(20) });
export type WatchAccounts = z.infer<typeof WatchAccounts>;

/** Event names with their payloads, as Socket.IO types. */
export interface ServerToClient {
  hello: (message: Hello) => void;
  snapshot: (message: Snapshot) => void;
  frame: (message: Frame) => void;
  balance: (message: Balance) => void;
}
export interface ClientToServer {
  subscribe: (message: Subscribe) => void;
  watch_accounts: (message: WatchAccounts) => void;
}
