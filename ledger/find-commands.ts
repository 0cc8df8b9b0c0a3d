import { CommandOutcome, LedgerCommand } from '@trancendos/contracts/ledger-command';
import type { Currency } from '@trancendos/contracts/money';
import type { TransferKind } from '@trancendos/contracts/transfer';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { uuidColumn } from '@trancendos/platform/encode-columns';
import type { DecidedCommand } from './decided-command.ts';
import { eventIdOf } from './render-command-outcome.ts';

/** Those among the commands with these ids that have been decided and committed, with their outcome. Asks nothing where no id is given. */
export async function findCommands(pool: Pick<pg.Pool, 'query'>, commandIds: readonly string[]): Promise<DecidedCommand[]> {
  if (commandIds.length === 0) return [];
  const ids = [uuidColumn(commandIds, (id) => id)];
  const kept = await pool.query<{ id: string; command: string; outcome: string }>({
    name: 'find-commands',
    text: 'SELECT id, command, outcome FROM ledger.find_commands($1)',
    values: ids,
  });
  const known = kept.rows.map(({ command, outcome }): DecidedCommand => ({
    command: LedgerCommand.parse(JSON.parse(command)),
    outcome: CommandOutcome.parse(JSON.parse(outcome)),
  }));
  const posts = await pool.query<PostRow>({
    name: 'find-posts',
    // Of one that has a row of its own the transfer says less.
    text: `SELECT * FROM ledger.find_transfers($1) WHERE id <> ALL($2) AND kind IN ('post', 'fee') AND decision_id IS NULL`,
    values: [...ids, kept.rows.map(({ id }) => id)],
  });
  return [...known, ...posts.rows.map(decidedOfPost)];
}

interface PostRow {
  readonly id: string;
  readonly kind: TransferKind;
  readonly seq: string;
  readonly ledger_seq: string;
  readonly amount_minor: string;
  readonly debit_id: string;
  readonly credit_id: string;
  readonly currency: Currency;
  readonly committed_at: Date;
  readonly effective_at: Date;
  readonly topic: string;
  readonly partition: number;
  readonly input_offset: string;
  readonly requested_by: string;
  readonly approved_by: string | null;
  readonly reason: string | null;
}

/** An applied post, which is kept as its transfer alone: the command that it was, and the outcome that it had, to the byte. */
function decidedOfPost(row: PostRow): DecidedCommand {
  const command_id = `cmd_${row.id}`;
  const command: LedgerCommand = {
    kind: 'post',
    command_id,
    debit_account_id: row.debit_id,
    credit_account_id: row.credit_id,
    amount_minor: Number(row.amount_minor),
    currency: row.currency,
    requested_by: row.requested_by,
    ...(row.kind === 'fee' && { transfer_kind: 'fee' as const }),
    ...(row.approved_by !== null && { approved_by: row.approved_by }),
    ...(row.reason !== null && { reason: row.reason }),
  };
  const outcome: CommandOutcome = {
    event_id: eventIdOf({ topic: row.topic, partition: row.partition, offset: BigInt(row.input_offset) }),
    command_id,
    kind: 'post',
    status: 'applied',
    code: null,
    detail: null,
    field: null,
    repeated: false,
    requested_by: row.requested_by,
    approved_by: row.approved_by,
    reason: row.reason,
    transfers: [
      {
        transfer_id: `tr_${row.id}`,
        kind: row.kind,
        seq: Number(row.seq),
        debit_account_id: row.debit_id,
        credit_account_id: row.credit_id,
        amount_minor: row.amount_minor,
        currency: row.currency,
        related_to: null,
        effective_at: toInstant(row.effective_at.getTime()),
      },
    ],
    hold: null,
    ledger_seq: Number(row.ledger_seq),
    committed_at: toInstant(row.committed_at.getTime()),
  };
  return { command, outcome };
}
