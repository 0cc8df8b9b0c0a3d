import type { Decision } from '@trancendos/contracts/decision';
import type { LateDecision, TransactionAnswer } from '@trancendos/contracts/http';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { forMerchant } from './render-answer.ts';
import { renderCurrent } from './operations/render-operation.ts';
import { OPERATIONS_SQL, type StoredOperation } from './operations/store-operations.ts';

/** Of an answer with the alias `a`: whether the policy has decided at the deadline. The ledger passes over repeated decisions too. */
const BY_POLICY_SQL = `a.body::json->'degraded_causes'->>0 = 'deadline'`;

/** So many are worked on in one go: nobody waits for them, and whoever is to be answered meanwhile should not wait for them either. */
const AT_ONCE_MAX = 100;

/** Keeps the decisions that came after the merchant's policy had decided, the first one of each payment, and tells the merchants. */
export async function keepLateDecisions(pool: pg.Pool, decisions: readonly Decision[]): Promise<void> {
  for (let start = 0; start < decisions.length; start += AT_ONCE_MAX) {
    await keep(pool, decisions.slice(start, start + AT_ONCE_MAX));
    await tellLateDecisions(pool);
  }
}

async function keep(pool: pg.Pool, decisions: readonly Decision[]): Promise<void> {
  await pool.query({
    name: 'keep-late-decisions',
    text: `
      INSERT INTO ingest.late_decisions (merchant_id, transaction_id, decision_id, body)
      SELECT DISTINCT ON (merchant_id, transaction_id) merchant_id, transaction_id, decision_id, late.body
      FROM unnest($1::text[], $2::text[], $3::text[], $4::json[]) AS late (merchant_id, transaction_id, decision_id, body)
        LEFT JOIN ingest.answers a USING (merchant_id, transaction_id)
      WHERE a.body IS NULL OR ${BY_POLICY_SQL}
      ON CONFLICT DO NOTHING`,
    values: [
      decisions.map(({ transaction }) => transaction.merchant_id),
      decisions.map(({ transaction }) => transaction.transaction_id),
      decisions.map(({ decision_id }) => decision_id),
      decisions.map((decision) => JSON.stringify(renderLate(decision))),
    ],
  });
}

/** A late decision as its merchant sees it. */
export function renderLate(decision: Decision): LateDecision {
  return {
    decision_id: decision.decision_id,
    action: decision.action,
    score: decision.versions.model === null ? null : decision.score,
    band: decision.band ?? null,
    reasons: decision.reasons.map(forMerchant),
    decided_at: decision.decided_at,
  };
}

/** The answer with a decision that came too late beside it. */
export function withLateDecision(answer: TransactionAnswer, late: LateDecision | null): TransactionAnswer {
  return late === null ? answer : { ...answer, status: 'superseding', superseded: late };
}

interface Untold {
  readonly merchant_id: string;
  readonly transaction_id: string;
  readonly late: LateDecision;
  readonly answer: TransactionAnswer;
  readonly operations: readonly StoredOperation[];
}

const TYPE = 'transaction.superseded';

/** Both or neither. */
const STORE = `
  WITH told AS (
    UPDATE ingest.late_decisions l SET told = true
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS event (merchant_id, transaction_id, event_id, body)
    WHERE l.merchant_id = event.merchant_id AND l.transaction_id = event.transaction_id AND NOT l.told
    RETURNING l.merchant_id, event.event_id, event.body
  )
  INSERT INTO ingest.webhook_deliveries (endpoint_id, event_id, type, body)
  SELECT e.endpoint_id, told.event_id, '${TYPE}', told.body
  FROM told JOIN ingest.webhook_endpoints e ON e.merchant_id = told.merchant_id AND e.enabled AND '${TYPE}' = ANY(e.event_types)
  ON CONFLICT DO NOTHING`;

/**
 * Those whose payment's answer is stored by now. By a look at each one's answer: joined, all answers there are would be read for the few
 * decisions that are late, and their JSON with them.
 */
const UNTOLD = `
  SELECT t.merchant_id, t.transaction_id, t.body AS late, a.body::json AS answer, ${OPERATIONS_SQL} AS operations
  FROM (SELECT * FROM ingest.late_decisions WHERE NOT told ORDER BY arrived_at) AS t
    CROSS JOIN LATERAL (
      SELECT body FROM ingest.answers WHERE merchant_id = t.merchant_id AND transaction_id = t.transaction_id LIMIT 1) AS a
  WHERE ${BY_POLICY_SQL} LIMIT ${AT_ONCE_MAX}`;

/** Writes the events of late decisions that are not told and whose payment's answer is stored by now. */
export async function tellLateDecisions(pool: pg.Pool): Promise<void> {
  // Without a name: a plan that was kept from when the tables were empty would read all of them.
  for (;;) {
    const { rows } = await pool.query<Untold>(UNTOLD);
    if (rows.length > 0) await tell(pool, rows);
    if (rows.length < AT_ONCE_MAX) return;
  }
}

async function tell(pool: pg.Pool, rows: readonly Untold[]): Promise<void> {
  await pool.query({
    name: 'tell-late-decisions',
    text: STORE,
    values: [
      rows.map(({ merchant_id }) => merchant_id),
      rows.map(({ transaction_id }) => transaction_id),
      rows.map(({ late }) => late.decision_id.replace('dec_', 'evt_')),
      rows.map(({ late, answer, operations }) => {
        const data = withLateDecision(renderCurrent(answer, { operations }), late);
        return JSON.stringify({ type: TYPE, timestamp: toInstant(nowMs()), data });
      }),
    ],
  });
}
