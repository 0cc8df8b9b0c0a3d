import { z } from 'zod';
import type { Balance } from './balance.ts';
import { Action, Reason, Timings } from './decision.ts';
import { FILTER_CHARS_MAX } from './feed-filter.ts';
import { LedgerSummary } from './http.ts';
import { Payer } from './transaction.ts';
import { Instant } from './instant.ts';
import { AmountMinor, Currency } from './money.ts';
import { Money } from './outcome.ts';

/** Version of the messages below; a client of another version reloads. */
export const FEED_VERSION = 2;

/** An outcome as the feed shows it. */
export const FeedRow = z.strictObject({
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
export type FeedRow = z.infer<typeof FeedRow>;

/** One row of a room. `seq` is its place there: gapless, from 1. */
export const FeedItem = z.strictObject({ seq: z.int().min(1), ...FeedRow.shape });
export type FeedItem = z.infer<typeof FeedItem>;

/** Numbers of outcomes by what was decided. */
const Counts = z.strictObject({ approve: z.int().min(0), review: z.int().min(0), decline: z.int().min(0) });
/** Numbers of outcomes in each second, oldest first. */
const SecondCounts = z.array(z.int().min(0)).max(120);

/** Figures over all outcomes that the session may see, whatever a room's filter. */
export const FeedTotals = z.strictObject({
  /** Since the gateway started. */
  outcomes: z.int().min(0),
  /** Over the last 10 s. */
  per_second: z.number().min(0),
  last_5_min: z.strictObject({ approve: z.int(), review: z.int(), decline: z.int() }),
  /** In the newest second that is surely complete. */
  last_second: Counts.optional(),
  /** In each second of the two minutes up to that one. In snapshots only. */
  last_2_min: z.strictObject({ approve: SecondCounts, review: SecondCounts, decline: SecondCounts }).optional(),
  /** Over the last 60 s; null while there is nothing to measure. */
  answer_ms: z.strictObject({ p50: z.number(), p99: z.number() }).nullable(),
  /** Null where the ledger does not answer, and for a session that may not see all of it. */
  ledger: LedgerSummary.nullable(),
});
export type FeedTotals = z.infer<typeof FeedTotals>;

/** First message on every connection. `epoch` names the run of the gateway. */
export const Hello = z.strictObject({
  v: z.literal(FEED_VERSION),
  epoch: z.string(),
  server_time: Instant,
  frame_ms: z.int(),
  /** Scores from which a transaction is held, and declined. */
  thresholds: z.strictObject({ review: z.int(), decline: z.int() }),
});
export type Hello = z.infer<typeof Hello>;

/** Name of a room's life, unique over all runs of all gateways: sequence numbers are valid within it. */
const RoomId = z.string().min(1).max(80);
/** A filter as `parseFilter` reads it. */
const Filter = z.string().max(FILTER_CHARS_MAX);
/**
 * How far the gateway had read the log of outcomes: the next offset of every partition, `0:1204,1:88`. It means the same to every gateway,
 * so a client goes on after it where its room is no more.
 */
const LogToken = z
  .string()
  .regex(/^(\d{1,6}:\d{1,20}(,\d{1,6}:\d{1,20})*)?$/)
  .max(4_000);

/** Exact numbers of a room's rows since it began, whether or not they were sent. */
export const RoomCounts = Counts;
export type RoomCounts = z.infer<typeof RoomCounts>;

/**
 * What frames and snapshots of a room have in common. Where rows are more than fit, one in `sampled` of the ordinary ones is sent, and all
 * of those that a person has to see: reviews, declines, scores from the review threshold on, and watched entities.
 */
const roomFields = {
  room: RoomId,
  /** Number of the newest frame of the room; to be acknowledged. */
  frame: z.int().min(0),
  sampled: z.int().min(1),
  items: z.array(FeedItem),
  counts: RoomCounts,
  totals: FeedTotals,
  position: LogToken,
};

/**
 * Where a room stands: its rows `from_seq .. seq`, oldest first, and the place that frames go on from. `filter` is the canonical form.
 * `missed` answers a client that asked to go on: how many rows between its place and `from_seq` it does not get; null where nobody knows.
 */
export const Snapshot = z.strictObject({
  ...roomFields,
  filter: z.string(),
  from_seq: z.int().min(1),
  seq: z.int().min(0),
  missed: z.int().min(0).nullable(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** What came to a room within one frame: its rows `from_seq .. to_seq`, `from_seq` being one more than the last frame's `to_seq`. */
export const Frame = z.strictObject({ ...roomFields, from_seq: z.int().min(1), to_seq: z.int().min(0) });
export type Frame = z.infer<typeof Frame>;

/**
 * How a room is sent to this client: every frame; two a second, because it does not keep up; or snapshots only, until it does again.
 */
export const Pace = z.strictObject({ room: RoomId, pace: z.enum(['full', 'slow', 'snapshots']) });
export type Pace = z.infer<typeof Pace>;

/** Why a subscription is refused. The connection stays. */
export const Refused = z.strictObject({
  filter: z.string(),
  code: z.enum(['filter_not_understood', 'rooms_of_client', 'rooms_of_gateway', 'not_permitted']),
  /** What can be done about it. */
  detail: z.string(),
});
export type Refused = z.infer<typeof Refused>;

/**
 * Client to server: enter the room of a filter, or go on in it after `resume`; answered by a frame where the room's buffer reaches back,
 * else by a snapshot. A client is in at most 4 rooms.
 */
export const Subscribe = z.strictObject({
  filter: Filter,
  resume: z.strictObject({ room: RoomId, since: z.int().min(0), position: LogToken }).optional(),
});
export type Subscribe = z.infer<typeof Subscribe>;

/** Client to server: leave a room. */
export const Unsubscribe = z.strictObject({ room: RoomId });
export type Unsubscribe = z.infer<typeof Unsubscribe>;

/** Client to server: frames up to `frame` have been taken in. To be sent about twice a second: whoever does not counts as slow. */
export const Acknowledge = z.strictObject({ room: RoomId, frame: z.int().min(0) });
export type Acknowledge = z.infer<typeof Acknowledge>;

/** Somebody or something whose rows are never sampled out. */
export const WatchedEntity = z.strictObject({ kind: z.enum(['merchant', 'terminal', 'account', 'card']), id: z.string().min(1).max(96) });
export type WatchedEntity = z.infer<typeof WatchedEntity>;

/** Client to server: entities to be watched, at most 20; replaces those watched before. */
export const WatchEntities = z.strictObject({ entities: z.array(WatchedEntity).max(20) });
export type WatchEntities = z.infer<typeof WatchEntities>;

/** Client to server: follow the balances of at most 20 accounts; replaces what was followed before. Answered with their present values. */
export const WatchAccounts = z.strictObject({ account_ids: z.array(z.string().max(96)).max(20) });
export type WatchAccounts = z.infer<typeof WatchAccounts>;

/** Event names with their payloads, as Socket.IO types. */
export interface ServerToClient {
  hello: (message: Hello) => void;
  snapshot: (message: Snapshot) => void;
  frame: (message: Frame) => void;
  pace: (message: Pace) => void;
  refused: (message: Refused) => void;
  balance: (message: Balance) => void;
}
export interface ClientToServer {
  subscribe: (message: Subscribe) => void;
  unsubscribe: (message: Unsubscribe) => void;
  ack: (message: Acknowledge) => void;
  watch_accounts: (message: WatchAccounts) => void;
  watch_entities: (message: WatchEntities) => void;
}
