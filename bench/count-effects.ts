import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** What became of accepted payments. */
export interface Effects {
  /** Accepted, and not decided by the ledger. */
  readonly lost: number;
  /** Transfers of payments beyond one for each that moved money. */
  readonly duplicated: number;
}

/** What was answered `pending` is decided a little later. */
const SETTLE_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 500;

/**
 * Counts in the ledger itself what `accepted` payments of one merchant have done, once all are decided. Nobody else may have sent payments
 * since `since`, or theirs are taken for doubles.
 */
export async function countEffects(
  databaseUrl: string,
  { merchantId, accepted, since }: { merchantId: string; accepted: readonly string[]; since: Date },
): Promise<Effects> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const untilMs = Date.now() + SETTLE_WITHIN_MS;
    for (;;) {
      const lost = await countOne(client, LOST, [merchantId, accepted]);
      if (lost > 0 && Date.now() < untilMs) await sleep(LOOK_EVERY_MS);
      else return { lost, duplicated: await countOne(client, DUPLICATED, [since]) };
    }
  } finally {
    await client.end();
  }
}

const LOST = `
  SELECT count(*) AS count FROM unnest($2::text[]) AS accepted (id)
  WHERE NOT EXISTS (SELECT FROM ledger.transactions WHERE merchant_id = $1 AND transaction_id = accepted.id)`;

const DUPLICATED = `
  SELECT (SELECT count(*) FROM ledger.transfers WHERE kind IN ('post', 'hold') AND committed_at >= $1)
       - (SELECT count(*) FROM ledger.transactions WHERE transfer_id IS NOT NULL AND committed_at >= $1) AS count`;

async function countOne(client: pg.Client, text: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await client.query<{ count: string }>(text, [...values]);
  return Number(rows[0]?.count);
}
