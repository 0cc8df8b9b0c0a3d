import { z } from 'zod';
import { AccountStatus, ExpiryPolicy, VelocityLimit } from './balance.ts';
import { CommandId, LedgerAccountId, RequestId, TransferId } from './ids.ts';
import { Instant } from './instant.ts';
import { Currency } from './money.ts';
import { nameText, writtenText } from './text.ts';
import { HoldState, TransferMade } from './transfer.ts';

/**
 * Every reason for which the ledger does not do what a command or a decision asks. Nothing of it is posted then, and the rest of its batch
 * goes on. The text is what can be done about it.
 */
export const LEDGER_ERRORS = {
  account_unknown: 'open the account first',
  account_exists: 'the account is open already; change its terms instead',
  account_frozen: 'thaw the account first; holds on it can be voided meanwhile',
  account_closed: 'use another account: closing is final',
  account_not_empty: 'bring the balance to zero and end its holds before closing',
  same_account: 'money moves between two different accounts',
  currency_mismatch: 'both accounts and the transfer have one currency; use exchange between currencies',
  amount_not_whole: 'amounts are whole numbers of minor units',
  amount_not_positive: 'amounts are at least 1 minor unit',
  amount_too_large: 'an amount is at most 9007199254740991 minor units',
  insufficient_funds: 'credit the account, raise its overdraft, or ask for less',
  ledger_capacity_reached: 'the account has reached the highest total that the ledger counts; use another one',
  velocity_exceeded: 'wait until earlier payments leave the window, or change the limits of the account',
  hold_unknown: 'check hold_id: it is the id of the transfer that placed the hold',
  hold_captured: 'the hold is captured; reverse the capture to give the money back',
  hold_voided: 'the hold is voided; place a new one',
  hold_expired: 'the hold has fallen to its policy; place a new one',
  capture_exceeds_hold: 'capture at most what remains of the hold',
  expiry_in_past: 'a hold expires after it is placed, and within a year',
  transfer_unknown: 'check transfer_id',
  not_reversible: 'holds are voided, and releases move nothing that could be given back',
  reversal_of_reversal: 'post the money again instead',
  already_reversed: 'the whole transfer has been given back',
  reversal_exceeds_transfer: 'give back at most what has not been given back yet',
  rate_mismatch: 'the target amount is the source amount times the rate, to within one minor unit',
  reason_missing: 'postings by hand carry a reason',
  approval_by_requester: 'somebody else has to approve',
  id_reused: 'send the original command again to get its outcome, or use a new command_id',
  id_in_future: 'the time in command_id is more than an hour ahead; check the clock that makes it',
  epoch_stale: 'another writer has taken the ledger over since; read the state again and decide anew',
} as const satisfies Record<string, string>;
export type LedgerErrorCode = keyof typeof LEDGER_ERRORS;
const LedgerErrorCode = z.enum(Object.keys(LEDGER_ERRORS) as [LedgerErrorCode, ...LedgerErrorCode[]]);

/** Any number: what is not a possible amount is refused by the ledger with a code of its own, and not by the reader of the message. */
const AskedAmount = z.number();
const Who = nameText(64);

const postFields = {
  debit_account_id: LedgerAccountId,
  credit_account_id: LedgerAccountId,
  amount_minor: AskedAmount,
  currency: Currency,
};
const Post = z.strictObject({ kind: z.literal('post'), ...postFields, transfer_kind: z.enum(['post', 'fee']).optional() });
const Hold = z.strictObject({
  kind: z.literal('hold'),
  ...postFields,
  /** How long it stays open; the ledger's default where it is left out. */
  expires_in_ms: z.int().optional(),
  /** What becomes of it then; the credited account's terms where it is left out. */
  on_expiry: ExpiryPolicy.optional(),
});
const Capture = z.strictObject({
  kind: z.literal('capture'),
  hold_id: TransferId,
  /** All that remains where it is left out. */
  amount_minor: AskedAmount.optional(),
  /** True releases what remains after it; false keeps it for further captures. Default true. */
  final: z.boolean().optional(),
});
const Void = z.strictObject({ kind: z.literal('void'), hold_id: TransferId });
const Reverse = z.strictObject({
  kind: z.literal('reverse'),
  transfer_id: TransferId,
  /** All that has not been given back where it is left out. */
  amount_minor: AskedAmount.optional(),
});

/** One movement of a linked command. */
export const Leg = z.discriminatedUnion('kind', [Post, Hold, Capture, Void, Reverse]);
export type Leg = z.infer<typeof Leg>;

/** All of its legs, in order, or none of them. */
const Linked = z.strictObject({ kind: z.literal('linked'), legs: z.array(Leg).min(2).max(50) });

/** Money of one currency for money of another, through the clearing accounts of both: two linked legs, and the rate is kept. */
const Exchange = z.strictObject({
  kind: z.literal('exchange'),
  ...postFields,
  target_amount_minor: AskedAmount,
  target_currency: Currency,
  /** Units of the target currency for one unit of the source currency, as decimal digits. */
  rate: z.string().regex(/^\d{1,12}(\.\d{1,12})?$/),
});

const termsFields = {
  /** How far beyond its credits the account may spend, as digits; null for no limit. */
  overdraft_minor: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable()
    .optional(),
  on_expiry: ExpiryPolicy.optional(),
  /** At most one for each window; an empty list takes every limit away. */
  velocity: z.array(VelocityLimit).max(3).optional(),
  metadata: z
    .record(nameText(64), writtenText(256))
    .refine((metadata) => Object.keys(metadata).length <= 20, 'at most 20 entries')
    .optional(),
};
const OpenAccount = z.strictObject({ kind: z.literal('open_account'), account_id: LedgerAccountId, ...termsFields });
const SetTerms = z.strictObject({ kind: z.literal('set_terms'), account_id: LedgerAccountId, ...termsFields });
const SetStatus = z.strictObject({ kind: z.literal('set_status'), account_id: LedgerAccountId, status: AccountStatus });

const commandFields = {
  /** `cmd_` and a UUIDv7: sent again it gives the same outcome and nothing happens twice. */
  command_id: CommandId,
  requested_by: Who,
  approved_by: Who.optional(),
  /** Needed for postings by hand: post, linked, exchange, reverse. */
  reason: writtenText(256).optional(),
  /** When it happened, where that is not now. */
  effective_at: Instant.optional(),
  /** The writer's epoch that the sender has seen; a later one refuses the command. */
  epoch: z.int().min(0).optional(),
};

/** Topic `ledger-commands.v1`: everything that changes the ledger and is no decision on a transaction. */
export const LedgerCommand = z.discriminatedUnion('kind', [
  Post.extend(commandFields),
  Hold.extend(commandFields),
  Capture.extend(commandFields),
  Void.extend(commandFields),
  Reverse.extend(commandFields),
  Linked.extend(commandFields),
  Exchange.extend(commandFields),
  OpenAccount.extend(commandFields),
  SetTerms.extend(commandFields),
  SetStatus.extend(commandFields),
]);
export type LedgerCommand = z.infer<typeof LedgerCommand>;
export type LedgerCommandKind = LedgerCommand['kind'];

/** Topic `command-outcomes.v1`: what became of one command, or of a hold that the ledger let expire. */
export const CommandOutcome = z.strictObject({
  /** The same whenever the same message is decided again: readers know repetitions by it. */
  event_id: z.string().max(128),
  /** Null where the ledger acted by itself. */
  command_id: CommandId.nullable(),
  kind: z.enum(['post', 'hold', 'capture', 'void', 'reverse', 'linked', 'exchange', 'open_account', 'set_terms', 'set_status', 'expire']),
  status: z.enum(['applied', 'refused']),
  code: LedgerErrorCode.nullable(),
  /** What is wrong, with figures. */
  detail: z.string().max(300).nullable(),
  /** Of the command, as a JSON pointer: what is wrong, or for `id_reused` what differs from the first command with that id. */
  field: z.string().max(128).nullable(),
  /** True where the command had its outcome before; this is the same again. */
  repeated: z.boolean(),
  requested_by: Who.nullable(),
  approved_by: Who.nullable(),
  reason: z.string().max(256).nullable(),
  transfers: z.array(TransferMade).max(100),
  /** The hold as the command left it; null where it is about none, or about several. */
  hold: HoldState.nullable(),
  /** Gapless position in the ledger's commit order, shared with `outcomes.v1`; null where nothing entered the ledger. */
  ledger_seq: z.int().min(1).nullable(),
  committed_at: Instant,
});
export type CommandOutcome = z.infer<typeof CommandOutcome>;

/**
 * Answer of the ledger's `POST /v1/commands` and `GET /v1/commands/{id}`: 200 where it was applied, 422 where it was refused, 202 while it
 * is under way.
 */
export const CommandAnswer = z.strictObject({
  command_id: CommandId,
  /** `pending`: taken and safe, its outcome is still on its way; ask again with GET, or send the same again. */
  status: z.enum(['decided', 'pending']),
  outcome: CommandOutcome.nullable(),
  request_id: RequestId,
});
export type CommandAnswer = z.infer<typeof CommandAnswer>;
