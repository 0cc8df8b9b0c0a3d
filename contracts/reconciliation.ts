import { z } from 'zod';
import { LedgerAccountId, TransferId } from './ids.ts';
import { Instant } from './instant.ts';
import { CounterMinor, Currency } from './money.ts';
import { TransferKind } from './transfer.ts';

/** A settlement file is named by us. */
export const SettlementFileId = z.string().regex(/^set_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const Day = z.iso.date();
const NextCursor = z.string().max(200).nullable();

/** By which rule a line was matched, in the order in which they are tried. */
export const MatchRule = z.enum([
  /** One transfer with the same reference and amount. */
  'reference',
  /** All open transfers with the same reference, which add up to the line. */
  'reference_sum',
  /** The only open transfer of that amount within the window, for the only open line of that amount. */
  'amount',
  /** All open transfers of one day, which add up to the line. */
  'day_total',
  /** The only few open transfers within the window that add up to the line. */
  'combination',
]);
export type MatchRule = z.infer<typeof MatchRule>;

/** Why a line is not matched. */
export const UnmatchedReason = z.enum(['no_candidate', 'amount_differs', 'outside_window', 'ambiguous']);
export type UnmatchedReason = z.infer<typeof UnmatchedReason>;

/** A file and how far it is matched. */
export const SettlementFile = z.strictObject({
  file_id: SettlementFileId,
  account_id: LedgerAccountId,
  name: z.string(),
  sha256: z.string(),
  lines: z.int().min(1),
  matched_lines: z.int().min(0),
  matched_minor: CounterMinor,
  unmatched_minor: CounterMinor,
  first_day: Day,
  last_day: Day,
  window_days: z.int().min(0),
  imported_at: Instant,
  /** True in the answer to an import that had been made before; nothing was imported again. */
  repeated: z.boolean(),
});
export type SettlementFile = z.infer<typeof SettlementFile>;

export const SettlementFilePage = z.strictObject({ files: z.array(SettlementFile), next_cursor: NextCursor });
export type SettlementFilePage = z.infer<typeof SettlementFilePage>;

export const SettlementLine = z.strictObject({
  /** In the file, counted from 1 with the header. */
  line: z.int().min(2),
  day: Day,
  /** More than 0 came in, less than 0 went out. */
  amount_minor: CounterMinor,
  reference: z.string().nullable(),
  description: z.string().nullable(),
  rule: MatchRule.nullable(),
  unmatched_reason: UnmatchedReason.nullable(),
  transfer_ids: z.array(TransferId),
});
export type SettlementLine = z.infer<typeof SettlementLine>;

export const SettlementLinePage = z.strictObject({
  file_id: SettlementFileId,
  lines: z.array(SettlementLine),
  next_cursor: NextCursor,
});
export type SettlementLinePage = z.infer<typeof SettlementLinePage>;

/** What has been open for so long. */
const AgeBucket = z.strictObject({
  /** Days since, at least and at most; the oldest bucket has no end. */
  from_days: z.int().min(0),
  to_days: z.int().min(0).nullable(),
  count: z.int().min(0),
  sum_minor: CounterMinor,
});

/** A movement in the ledger that no line of a file stands for. */
export const UnsettledTransfer = z.strictObject({
  transfer_id: TransferId,
  kind: TransferKind,
  amount_minor: CounterMinor,
  reference: z.string().nullable(),
  committed_at: Instant,
  age_days: z.int().min(0),
});

/** `GET /ledger/reconciliation/report`: what does not agree, and since when. */
export const ReconciliationReport = z.strictObject({
  account_id: LedgerAccountId,
  currency: Currency,
  as_of: Instant,
  /** The days that imported files cover; null before the first. Transfers outside of them are not counted as open. */
  covered: z.strictObject({ first_day: Day, last_day: Day }).nullable(),
  lines: z.strictObject({ matched: z.int().min(0), unmatched: z.int().min(0) }),
  by_rule: z.array(z.strictObject({ rule: MatchRule, lines: z.int().min(0) })),
  by_reason: z.array(z.strictObject({ reason: UnmatchedReason, lines: z.int().min(0) })),
  unmatched_lines: z.array(AgeBucket),
  unsettled_transfers: z.array(AgeBucket),
  /** The oldest of each, at most 100. */
  oldest_lines: z.array(SettlementLine.extend({ file_id: SettlementFileId, age_days: z.int().min(0) })).max(100),
  oldest_transfers: z.array(UnsettledTransfer).max(100),
});
export type ReconciliationReport = z.infer<typeof ReconciliationReport>;
