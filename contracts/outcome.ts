import { z } from 'zod';
import { Decision } from './decision.ts';
import { TransferId } from './ids.ts';
import { Instant } from './instant.ts';

/** Where the money of one transaction stands. */
export const Money = z.strictObject({
  state: z.enum(['posted', 'pending', 'voided', 'none']),
  transfer_id: TransferId.nullable(),
  /** When a pending hold falls to its policy. */
  expires_at: Instant.nullable(),
});
export type Money = z.infer<typeof Money>;

/**
 * What became of one transaction: the decision that counted and where the money stands. Topic `outcomes.v1`.
 * `action` is final: where the ledger could not cover an approval it reads `decline`, and the first reason is the ledger's.
 */
export const Outcome = z.strictObject({
  ...Decision.shape,
  money: Money,
  /** Gapless position in the ledger's commit order. */
  ledger_seq: z.int().min(1),
  committed_at: Instant,
});
export type Outcome = z.infer<typeof Outcome>;
