-- Archives decisions with their sums, decisions that came too late, and labels, whole or not at all: one call is one transaction. Arrays are
-- columns; those of one kind have the same length. The sums are those of all the decisions, so that none may have been archived before:
-- otherwise the primary key refuses the call.
--
-- One batch is written at a time, whoever writes: otherwise a label and its decision could come at once and not see each other. The planner
-- switches: plans are made once, when the tables may be empty, and must still be index look-ups when they are large.
CREATE FUNCTION archive_batch(
  committed_ats timestamptz[],
  ledger_seqs bigint[],
  decision_ids uuid[],
  merchant_ids text[],
  transaction_ids text[],
  account_ids text[],
  card_tokens text[],
  terminal_ids text[],
  occurred_ats timestamptz[],
  amounts bigint[],
  currencies text[],
  actions text[],
  scores smallint[],
  models text[],
  actors text[],
  degradeds boolean[],
  reasons text[], -- each an array of codes, as text
  money_states text[],
  bodies text[],

  sums json, -- rows of `rollup` without what labels say
  latencies json,
  reason_counts json,

  late_decision_ids uuid[],
  late_merchant_ids text[],
  late_transaction_ids text[],
  late_decided_ats timestamptz[],
  late_bodies text[],

  label_ids uuid[],
  label_merchant_ids text[],
  label_transaction_ids text[],
  label_frauds boolean[],
  label_sources text[],
  label_kinds text[],
  label_maturities text[],
  label_occurred_ats timestamptz[],
  label_known_ats timestamptz[],
  label_received_ats timestamptz[]
) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  matched uuid[];
  found uuid[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('review.archive'));

  IF cardinality(ledger_seqs) > 0 THEN
    INSERT INTO review.decisions
      (committed_at, ledger_seq, decision_id, merchant_id, transaction_id, account_id, card_token, terminal_id, occurred_at, amount_minor,
       currency, action, score, model, actor, degraded, reason_codes, money_state, body)
    SELECT unnest(committed_ats), unnest(ledger_seqs), unnest(decision_ids), unnest(merchant_ids), unnest(transaction_ids),
           unnest(account_ids), unnest(card_tokens), unnest(terminal_ids), unnest(occurred_ats), unnest(amounts), unnest(currencies),
           unnest(actions), unnest(scores), unnest(models), unnest(actors), unnest(degradeds), unnest(reasons)::text[],
           unnest(money_states), unnest(bodies)::json;

    INSERT INTO review.rollup AS kept (span, begins, merchant_id, action, model, currency, decisions, amount_minor, degraded, fallbacks, scores)
    SELECT line.* FROM json_to_recordset(sums) AS line (
      span smallint, begins timestamptz, merchant_id text, action text, model text, currency text, decisions bigint, amount_minor numeric,
      degraded bigint, fallbacks bigint, scores bigint[])
    ON CONFLICT (span, merchant_id, begins, action, model, currency) DO UPDATE
    SET decisions = kept.decisions + excluded.decisions, amount_minor = kept.amount_minor + excluded.amount_minor,
        degraded = kept.degraded + excluded.degraded, fallbacks = kept.fallbacks + excluded.fallbacks,
        scores = review.add_counts(kept.scores, excluded.scores);

    INSERT INTO review.rollup_latency AS kept (span, begins, merchant_id, stage, counts)
    SELECT line.* FROM json_to_recordset(latencies) AS line (span smallint, begins timestamptz, merchant_id text, stage text, counts bigint[])
    ON CONFLICT (span, merchant_id, begins, stage) DO UPDATE SET counts = review.add_counts(kept.counts, excluded.counts);

    INSERT INTO review.rollup_reason AS kept (span, begins, merchant_id, action, code, decisions)
    SELECT line.* FROM json_to_recordset(reason_counts)
      AS line (span smallint, begins timestamptz, merchant_id text, action text, code text, decisions bigint)
    ON CONFLICT (span, merchant_id, begins, action, code) DO UPDATE SET decisions = kept.decisions + excluded.decisions;

    -- Labels that have waited for these decisions.
    WITH awaited AS (
      UPDATE review.labels AS label SET committed_at = come.committed_at, ledger_seq = come.ledger_seq
      FROM unnest(committed_ats, ledger_seqs, merchant_ids, transaction_ids) AS come (committed_at, ledger_seq, merchant_id, transaction_id)
      WHERE label.committed_at IS NULL AND label.transaction_id = come.transaction_id AND label.merchant_id = come.merchant_id
      RETURNING label.label_id
    ) SELECT array_agg(label_id) INTO matched FROM awaited;
  END IF;

  IF cardinality(late_decision_ids) > 0 THEN
    INSERT INTO review.late_decisions (decision_id, merchant_id, transaction_id, decided_at, body)
    SELECT unnest(late_decision_ids), unnest(late_merchant_ids), unnest(late_transaction_ids), unnest(late_decided_ats),
           unnest(late_bodies)::json
    ON CONFLICT DO NOTHING;
  END IF;

  IF cardinality(label_ids) > 0 THEN
    INSERT INTO review.labels
      (label_id, merchant_id, transaction_id, fraud, source, kind, maturity, occurred_at, known_at, received_at)
    SELECT unnest(label_ids), unnest(label_merchant_ids), unnest(label_transaction_ids), unnest(label_frauds), unnest(label_sources),
           unnest(label_kinds), unnest(label_maturities), unnest(label_occurred_ats), unnest(label_known_ats), unnest(label_received_ats)
    ON CONFLICT DO NOTHING;

    -- A decision is never committed more than minutes before its payment happened: what is older need not be looked into.
    WITH placed AS (
      UPDATE review.labels AS label SET committed_at = decision.committed_at, ledger_seq = decision.ledger_seq
      FROM unnest(label_ids) AS given (label_id)
        JOIN review.labels AS waiting ON waiting.label_id = given.label_id
        JOIN review.decisions AS decision
          ON decision.transaction_id = waiting.transaction_id AND decision.merchant_id = waiting.merchant_id
         AND decision.committed_at >= waiting.occurred_at - interval '1 day'
      WHERE label.label_id = waiting.label_id AND waiting.committed_at IS NULL
      RETURNING label.label_id
    ) SELECT array_agg(label_id) INTO found FROM placed;
    matched := array_cat(matched, found);
  END IF;

  IF cardinality(matched) > 0 THEN PERFORM review.hold_labels(matched); END IF;
END $$;

-- Makes the decisions of these labels say what holds by now, and the sums with them: the last label holds, and the last final one counts.
-- Which is the last is told by the ids, which are in the order of arrival, whatever the order in which labels reach the archive.
CREATE FUNCTION hold_labels(changed uuid[]) RETURNS void LANGUAGE sql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
  WITH touched AS (
    SELECT DISTINCT committed_at, ledger_seq FROM review.labels WHERE label_id = ANY (changed)
  ), judged AS (
    SELECT decision.committed_at, decision.ledger_seq, decision.merchant_id, decision.action, coalesce(decision.model, '') AS model,
           decision.currency, decision.amount_minor, decision.measured_fraud AS before, final.fraud AS after,
           last.label_id, last.fraud, last.kind, last.maturity
    FROM touched
      JOIN review.decisions AS decision ON decision.committed_at = touched.committed_at AND decision.ledger_seq = touched.ledger_seq
      CROSS JOIN LATERAL (
        SELECT label_id, fraud, kind, maturity FROM review.labels
        WHERE transaction_id = decision.transaction_id AND merchant_id = decision.merchant_id
        ORDER BY label_id DESC LIMIT 1) AS last
      LEFT JOIN LATERAL (
        SELECT fraud FROM review.labels
        WHERE transaction_id = decision.transaction_id AND merchant_id = decision.merchant_id AND maturity = 'final'
        ORDER BY label_id DESC LIMIT 1) AS final ON true
  ), held AS (
    UPDATE review.decisions AS decision
    SET label_id = judged.label_id, label_fraud = judged.fraud, label_kind = judged.kind, label_maturity = judged.maturity,
        measured_fraud = judged.after
    FROM judged WHERE decision.committed_at = judged.committed_at AND decision.ledger_seq = judged.ledger_seq
  )
  INSERT INTO review.rollup AS kept (span, begins, merchant_id, action, model, currency, frauds, fraud_minor, genuine, genuine_minor)
  SELECT spans.span, review.span_begin(spans.span, committed_at), merchants.id, action, model, currency,
         sum((after IS TRUE)::int - (before IS TRUE)::int), sum(amount_minor * ((after IS TRUE)::int - (before IS TRUE)::int)),
         sum((after IS FALSE)::int - (before IS FALSE)::int), sum(amount_minor * ((after IS FALSE)::int - (before IS FALSE)::int))
  FROM judged
    CROSS JOIN (VALUES (1::smallint), (60::smallint), (1440::smallint)) AS spans (span)
    CROSS JOIN LATERAL (VALUES (merchant_id), ('')) AS merchants (id)
  WHERE before IS DISTINCT FROM after
  GROUP BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (span, merchant_id, begins, action, model, currency) DO UPDATE
  SET frauds = kept.frauds + excluded.frauds, fraud_minor = kept.fraud_minor + excluded.fraud_minor,
      genuine = kept.genuine + excluded.genuine, genuine_minor = kept.genuine_minor + excluded.genuine_minor;
$$;
