import type { CommandOutcome } from '@trancendos/contracts/ledger-command';
import type { Operation } from '@trancendos/contracts/operation';
import { metrics } from '@trancendos/platform/metrics';
import type pg from 'pg';
import type { OperationBoard } from './operation-board.ts';
import { tellOperations } from './tell-operations.ts';

export interface SettleParts {
  readonly pool: pg.Pool;
  readonly board: Pick<OperationBoard, 'announce'>;
}

/** What of the ledger's outcomes may be about a payment; the rest are postings by hand and accounts. */
const KINDS: ReadonlySet<CommandOutcome['kind']> = new Set(['capture', 'void', 'reverse', 'linked', 'expire']);

interface Settled {
  readonly operationId: string;
  readonly merchantId: string;
  readonly transactionId: string;
  readonly kind: Operation['kind'];
  readonly outcome: CommandOutcome;
}

/**
 * Keeps what the ledger has made of captures, voids and refunds, whoever asked for them, and of holds that ran out; tells merchants, and
 * wakes the requests that wait. The same outcomes again change nothing.
 */
export async function settleOperations(parts: SettleParts, outcomes: readonly CommandOutcome[]): Promise<void> {
  const concerned = outcomes.filter(({ kind }) => KINDS.has(kind));
  if (concerned.length === 0) return;
  const owners = await findOwners(parts.pool, concerned.map(idOf));
  const settled = concerned.flatMap((outcome) => settledOf(outcome, owners));
  if (settled.length === 0) return;
  await store(parts.pool, settled);
  const ids = settled.map(({ operationId }) => operationId);
  await tellOperations(parts.pool, ids);
  for (const id of ids) parts.board.announce(id);
  for (const { kind, outcome } of settled) metrics.operations.inc({ kind, status: outcome.status });
}

interface Owner {
  readonly operation_id: string;
  readonly merchant_id: string;
  readonly transaction_id: string;
  readonly kind: Operation['kind'];
}

async function findOwners(pool: pg.Pool, ids: readonly string[]): Promise<Map<string, Owner>> {
  const { rows } = await pool.query<Owner>({
    name: 'owners-of-operations',
    text: 'SELECT operation_id, merchant_id, transaction_id, kind FROM ingest.operations WHERE operation_id = ANY($1)',
    values: [ids],
  });
  return new Map(rows.map((row) => [row.operation_id, row]));
}

/** A hold that runs out has an outcome without a command. */
function idOf({ command_id, hold }: CommandOutcome): string {
  return command_id ?? `exp_${(hold?.hold_id ?? '').slice('tr_'.length)}`;
}

function settledOf(outcome: CommandOutcome, owners: ReadonlyMap<string, Owner>): Settled[] {
  const operationId = idOf(outcome);
  const owner = owners.get(operationId);
  if (owner) return [{ operationId, merchantId: owner.merchant_id, transactionId: owner.transaction_id, kind: owner.kind, outcome }];
  const { hold, status } = outcome;
  if (status === 'refused' || hold?.merchant_id == null || hold.transaction_id === null) return [];
  return [{ operationId, merchantId: hold.merchant_id, transactionId: hold.transaction_id, kind: kindOf(outcome), outcome }];
}

/** What others have done to a hold, by what it did. */
function kindOf({ transfers }: CommandOutcome): Operation['kind'] {
  const kinds = transfers.map(({ kind }) => kind);
  if (kinds.includes('capture')) return 'capture';
  return kinds.includes('expire') ? 'expire' : 'void';
}

const STORE = `
  INSERT INTO ingest.operations (operation_id, merchant_id, transaction_id, kind, status, outcome, ledger_seq)
  SELECT operation_id, merchant_id, transaction_id, kind, status, outcome, ledger_seq
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::json[], $7::bigint[])
    AS settled (operation_id, merchant_id, transaction_id, kind, status, outcome, ledger_seq)
  ORDER BY operation_id
  ON CONFLICT (operation_id) DO UPDATE
  SET status = EXCLUDED.status, outcome = EXCLUDED.outcome, ledger_seq = EXCLUDED.ledger_seq,
    idempotency_key = CASE WHEN EXCLUDED.status = 'applied' THEN operations.idempotency_key END
  WHERE operations.status = 'pending'`;

async function store(pool: pg.Pool, settled: readonly Settled[]): Promise<void> {
  const once = [...new Map(settled.map((one) => [one.operationId, one])).values()];
  await pool.query({
    name: 'settle-operations',
    text: STORE,
    values: [
      once.map(({ operationId }) => operationId),
      once.map(({ merchantId }) => merchantId),
      once.map(({ transactionId }) => transactionId),
      once.map(({ kind }) => kind),
      once.map(({ outcome }) => outcome.status),
      once.map(({ outcome }) => JSON.stringify(outcome)),
      once.map(({ outcome }) => outcome.ledger_seq),
    ],
  });
}
