import type pg from 'pg';

/** How much there is to read. */
export interface RollupFill {
  readonly merchants: number;
  readonly days: number;
}

const HISTOGRAM = `array_fill(1::bigint, ARRAY[20])`;
/** Every hour and day of that long, and every minute of the last four hours, before now: span, its length, how far it goes back. */
const PLACES = (days: number) => `
  (VALUES (60::smallint, interval '1 hour', interval '${days} days'), (1440::smallint, interval '1 day', interval '${days} days'),
          (1::smallint, interval '1 minute', interval '4 hours')) AS spans (span, length, back)
  CROSS JOIN LATERAL generate_series(review.span_begin(span, now()) - back, review.span_begin(span, now()) - length, length) AS begins`;

/** Fills the sums of the past as if every merchant had had decisions of every kind, in two currencies, by two models, all the time. */
export async function fillRollups(pool: Pick<pg.Pool, 'query'>, { merchants, days }: RollupFill): Promise<void> {
  const shops = `(SELECT 'shop-' || n AS merchant_id FROM generate_series(0, ${merchants - 1}) AS n UNION ALL SELECT '') AS shops`;
  const actions = `unnest(ARRAY['approve', 'review', 'decline']) AS action`;
  await pool.query(`
    INSERT INTO review.rollup (span, begins, merchant_id, action, model, currency, decisions, amount_minor, scores, frauds, fraud_minor)
    SELECT span, begins, merchant_id, action, model, currency, 20, 123456, ${HISTOGRAM}, 1, 4321
    FROM ${PLACES(days)} CROSS JOIN ${shops} CROSS JOIN ${actions}
      CROSS JOIN unnest(ARRAY['luminous-2', 'luminous-3']) AS model CROSS JOIN unnest(ARRAY['EUR', 'USD']) AS currency
    ON CONFLICT DO NOTHING`);
  await pool.query(`
    INSERT INTO review.rollup_latency (span, begins, merchant_id, stage, counts)
    SELECT span, begins, merchant_id, stage, ${HISTOGRAM}
    FROM ${PLACES(days)} CROSS JOIN ${shops}
      CROSS JOIN unnest(ARRAY['ingest', 'to_scoring', 'scoring', 'to_ledger', 'ledger', 'total']) AS stage
    ON CONFLICT DO NOTHING`);
  await pool.query(`
    INSERT INTO review.rollup_reason (span, begins, merchant_id, action, code, decisions)
    SELECT span, begins, merchant_id, action, 'reason_' || n, n
    FROM ${PLACES(days)} CROSS JOIN ${shops} CROSS JOIN ${actions} CROSS JOIN generate_series(1, 10) AS n
    ON CONFLICT DO NOTHING`);
}
