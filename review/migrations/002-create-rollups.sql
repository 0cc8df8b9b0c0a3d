-- Sums over decisions, by the minute, the hour and the day (UTC) in which they were committed; `span` is its length in minutes. Maintained
-- in the transaction that archives a decision or a label, so that they are exact. The merchant '' is all of them together.
CREATE TABLE rollup (
  span smallint NOT NULL,
  begins timestamptz NOT NULL,
  merchant_id text NOT NULL,
  action text NOT NULL,
  model text NOT NULL, -- '' where none scored
  currency text NOT NULL,
  decisions bigint NOT NULL DEFAULT 0,
  amount_minor numeric NOT NULL DEFAULT 0,
  degraded bigint NOT NULL DEFAULT 0,
  fallbacks bigint NOT NULL DEFAULT 0, -- decided by the merchant's policy at the deadline
  scores bigint[] NOT NULL DEFAULT array_fill(0, ARRAY[20]), -- in twentieths of 0 to 1000
  frauds bigint NOT NULL DEFAULT 0, -- by the last final label
  fraud_minor numeric NOT NULL DEFAULT 0,
  genuine bigint NOT NULL DEFAULT 0,
  genuine_minor numeric NOT NULL DEFAULT 0,
  PRIMARY KEY (span, merchant_id, begins, action, model, currency)
) WITH (fillfactor = 70);
CREATE INDEX rollup_by_time ON rollup (span, begins);

-- How long the stages took: `counts` by the bounds that `review/histogram.ts` names.
CREATE TABLE rollup_latency (
  span smallint NOT NULL,
  begins timestamptz NOT NULL,
  merchant_id text NOT NULL,
  stage text NOT NULL,
  counts bigint[] NOT NULL,
  PRIMARY KEY (span, merchant_id, begins, stage)
) WITH (fillfactor = 70);
CREATE INDEX rollup_latency_by_time ON rollup_latency (span, begins);

CREATE TABLE rollup_reason (
  span smallint NOT NULL,
  begins timestamptz NOT NULL,
  merchant_id text NOT NULL,
  action text NOT NULL,
  code text NOT NULL,
  decisions bigint NOT NULL,
  PRIMARY KEY (span, merchant_id, begins, action, code)
) WITH (fillfactor = 70);
CREATE INDEX rollup_reason_by_time ON rollup_reason (span, begins);

-- Two histograms of twenty buckets together. Written out, because unnesting them takes ten times as long.
CREATE FUNCTION add_counts(a bigint[], b bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5], a[6] + b[6], a[7] + b[7], a[8] + b[8], a[9] + b[9],
               a[10] + b[10], a[11] + b[11], a[12] + b[12], a[13] + b[13], a[14] + b[14], a[15] + b[15], a[16] + b[16], a[17] + b[17],
               a[18] + b[18], a[19] + b[19], a[20] + b[20]]
$$;
CREATE AGGREGATE sum_counts(bigint[]) (
  SFUNC = add_counts, STYPE = bigint[], INITCOND = '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}', COMBINEFUNC = add_counts, PARALLEL = SAFE
);

-- The span of that many minutes in which a moment lies begins here.
CREATE FUNCTION span_begin(span smallint, at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT date_bin(make_interval(mins => span), at, timestamptz '1970-01-01 00:00:00Z')
$$;
