import type { LedgerCommand } from '@trancendos/contracts/ledger-command';
import type { Logger } from '@trancendos/platform/log';
import type { Publisher } from '@trancendos/platform/publish';
import type { Resource } from '@trancendos/platform/run';
import type pg from 'pg';
import { openFollowing } from '../follow-changes.ts';
import { tellLateDecisions } from '../keep-late-decisions.ts';
import { keyOfCommand } from './accept-operation.ts';
import { tellOperations } from './tell-operations.ts';

export interface ResumeParts {
  readonly pool: pg.Pool;
  readonly publisher: Pick<Publisher, 'publish'>;
}

/** Longer than the ledger takes while all is well. */
const OVERDUE_S = 3;
const RESUMED_MAX = 100;

interface Unfinished {
  readonly operation_id: string;
  readonly request_id: string;
  /** Null for one that is applied, and only to be told. */
  readonly command: LedgerCommand | null;
}

/**
 * Goes on with what was left half-way: a command that was kept and perhaps never published is published again, which the ledger knows by its
 * id; an operation whose event could not be told is told. So that no payment stays blocked because a process died, or a merchant gave up.
 */
export async function resumeOperations({ pool, publisher }: ResumeParts): Promise<void> {
  await tellLateDecisions(pool);
  const { rows } = await pool.query<Unfinished>({
    name: 'unfinished-operations',
    text: `
      SELECT operation_id, request_id, CASE WHEN status = 'pending' THEN command END AS command FROM ingest.operations
      WHERE (status = 'pending' OR (status = 'applied' AND NOT told)) AND asked_at < clock_timestamp() - interval '${OVERDUE_S} seconds'
      ORDER BY asked_at LIMIT ${RESUMED_MAX}`,
  });
  if (rows.length === 0) return;
  const published = rows.flatMap(({ command, request_id }) =>
    command ? [publisher.publish('ledgerCommands', keyOfCommand(command), command, request_id)] : [],
  );
  await Promise.all(published);
  await tellOperations(
    pool,
    rows.filter(({ command }) => command === null).map(({ operation_id }) => operation_id),
  );
}

/** Looks for what is unfinished until it is stopped. */
export function openResuming(parts: ResumeParts, log: Logger): Resource {
  return openFollowing({ what: 'captures, voids and refunds that are not finished', look: () => resumeOperations(parts), log });
}
