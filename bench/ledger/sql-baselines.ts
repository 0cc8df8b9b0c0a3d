import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import type { Engine, Posted } from './engine.ts';
import { storedBytesOf } from './stored-bytes.ts';
import type { Workload, WorkloadCommand } from './workload.ts';

export interface BaselineOptions {
  readonly databaseUrl: string;
  readonly workload: Workload;
  /** Commands in a call of the function that takes arrays. */
  readonly batch: number;
}

/** A baseline that is the SQL in a file of this folder. */
interface Baseline {
  readonly schema: string;
  readonly file: string;
  readonly openAccounts: string;
  /** One number: by how much the ledger is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

const ROWS: Baseline = {
  schema: 'rows',
  file: 'row-at-a-time.sql',
  openAccounts: `INSERT INTO rows.account SELECT n, coalesce($2::bigint, 0), $2::bigint IS NULL FROM generate_series(0, $1::bigint - 1) AS n`,
  checks: {
    'the balances add up to what the accounts opened with': `SELECT sum(balance) - count(*) * coalesce($1::bigint, 0) FROM rows.account`,
    'no account is overdrawn': `SELECT count(*) FROM rows.account WHERE NOT unlimited AND balance < 0`,
    'every balance is the sum of its transfers': `
      SELECT count(*) FROM rows.account WHERE balance <> coalesce($1::bigint, 0)
        + (SELECT coalesce(sum(amount), 0) FROM rows.transfer WHERE credit_account = account.id)
        - (SELECT coalesce(sum(amount), 0) FROM rows.transfer WHERE debit_account = account.id)`,
  },
};

const ENTRIES: Baseline = {
  schema: 'entries',
  file: 'entries-function.sql',
  openAccounts: `INSERT INTO entries.account (id, balance, allow_negative)
                 SELECT n, coalesce($2::bigint, 0), $2::bigint IS NULL FROM generate_series(0, $1::bigint - 1) AS n`,
  checks: {
    'the balances add up to what the accounts opened with': `SELECT sum(balance) - count(*) * coalesce($1::bigint, 0) FROM entries.account`,
    'no account is overdrawn': `SELECT count(*) FROM entries.account WHERE NOT allow_negative AND balance < 0`,
    'every balance is the sum of its entries': `
      SELECT count(*) FROM entries.account LEFT JOIN (SELECT account_id, sum(amount) AS moved FROM entries.entry GROUP BY 1) AS sums
          ON account_id = account.id
       WHERE balance <> coalesce($1::bigint, 0) + coalesce(moved, 0)`,
  },
};

/** A transaction and a call for every transfer, over as many connections as the workload has clients. */
export async function openRowBaseline({ databaseUrl, workload }: BaselineOptions): Promise<Engine> {
  const postgres = await openBaseline(ROWS, databaseUrl, workload);
  const text = 'SELECT rows.post($1, $2, $3, $4) AS made';
  return {
    ...engineOf(ROWS, postgres, workload),
    name: 'row at a time',
    about: `FOR UPDATE on both accounts, a transaction a transfer, ${workload.clients} connections`,
    batch: 1,
    concurrency: workload.clients,
    async post(commands) {
      let transfers = 0;
      for (const { id, debit, credit, amountMinor } of postsOf(commands)) {
        const { rows } = await postgres.pool.query<{ made: boolean }>({ name: 'post', text, values: [id, debit, credit, amountMinor] });
        if (rows[0]?.made === true) transfers++;
      }
      return { transfers, refused: commands.length - transfers };
    },
  };
}

/** Arrays of transfers in one call and transaction; one at a time, because two of them would lock each other out in the middle. */
export async function openEntriesBaseline({ databaseUrl, workload, batch }: BaselineOptions): Promise<Engine> {
  const postgres = await openBaseline(ENTRIES, databaseUrl, workload);
  const text = 'SELECT entries.create_transfers($1, $2, $3, $4) AS made';
  const concurrency = batch === 1 ? workload.clients : 1;
  return {
    ...engineOf(ENTRIES, postgres, workload),
    name: 'pgledger style',
    about: `SQL function over arrays, two entries a transfer, calls of ${batch}, ${concurrency} connection${concurrency > 1 ? 's' : ''}`,
    batch,
    concurrency,
    async post(commands): Promise<Posted> {
      const posts = postsOf(commands);
      const values = [posts.map(({ id }) => id), posts.map(({ debit }) => debit), posts.map(({ credit }) => credit)];
      const { rows } = await postgres.pool.query<{ made: number }>({
        name: 'create-transfers',
        text,
        values: [...values, posts.map(({ amountMinor }) => amountMinor)],
      });
      const transfers = rows[0]?.made ?? 0;
      return { transfers, refused: commands.length - transfers };
    },
  };
}

/** True for workloads that consist of plain transfers, which is what the baselines know. */
export function baselinesKnow(workload: Workload): boolean {
  return workload.name !== 'W10';
}

function postsOf(commands: readonly WorkloadCommand[]) {
  return commands.map((command) => {
    if (command.kind !== 'post') throw new Error(`the baselines know no ${command.kind}`);
    return command;
  });
}

async function openBaseline(baseline: Baseline, databaseUrl: string, workload: Workload): Promise<Postgres> {
  const postgres = await connectPostgres({
    url: databaseUrl,
    applicationName: `bench-${baseline.schema}`,
    poolMax: workload.clients,
    queryTimeoutMs: 120_000,
  });
  await postgres.pool.query(await readFile(join(packageRoot(import.meta.dirname), 'ledger', baseline.file), 'utf8'));
  await postgres.pool.query(baseline.openAccounts, [workload.accounts, workload.openingMinor]);
  await postgres.pool.query(`VACUUM ANALYZE ${baseline.schema}.account`);
  return postgres;
}

function engineOf(baseline: Baseline, postgres: Postgres, workload: Workload): Pick<Engine, 'check' | 'storedBytes' | 'stop'> {
  return {
    async check() {
      const broken: string[] = [];
      for (const [holds, violations] of Object.entries(baseline.checks)) {
        const values = violations.includes('$1') ? [workload.openingMinor] : [];
        const { rows } = await postgres.pool.query<{ [name: string]: string }>(violations, values);
        const [found] = Object.values(rows[0] ?? {});
        if (Number(found) !== 0) broken.push(`not true: ${holds} (${String(found)})`);
      }
      return broken;
    },
    storedBytes: () => storedBytesOf(postgres.pool, baseline.schema),
    stop: () => postgres.stop(),
  };
}
