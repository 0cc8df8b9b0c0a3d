import { MISMATCH_KINDS, type Mismatch, type MismatchKind } from './mismatch.ts';
import type { VerifyReport } from './verify-ledger.ts';

export const USAGE = `npm run ledger:verify [-- --json]

Replays the whole journal of a ledger from its first transfer and compares everything that can be compared: counters, hashes, the chain, the
numbering, accounts, holds, reversals and inputs. It reads one moment, changes nothing, and the ledger may go on meanwhile.

DATABASE_URL says which ledger; without it, the one of this machine's local stack.
Ends with 0 where everything agrees, with 1 where something does not, with 2 where it could not look.

What it can find:
${Object.entries(MISMATCH_KINDS)
  .map(([kind, holds]) => `  ${kind.padEnd(18)} otherwise ${holds}`)
  .join('\n')}
`;

/** One mismatch in a line. */
export function tellMismatch({ kind, where, detail }: Mismatch): string {
  return `${kind} ${where}: ${detail}\n`;
}

/** What a verification has come to, for a person. */
export function tellReport({ batches, transfers, accounts, mismatches, headHash }: VerifyReport): string {
  const replayed = `${transfers} transfers in ${batches} batches between ${accounts} accounts replayed\n`;
  const kinds = Object.entries(mismatches) as [MismatchKind, number][];
  if (kinds.length === 0) return `${replayed}no mismatch; the last batch's hash is ${headHash}\n`;
  const lines = kinds.map(([kind, count]) => `${kind.padEnd(18)} ${String(count).padStart(8)}   otherwise ${MISMATCH_KINDS[kind]}\n`);
  return replayed + lines.join('');
}
