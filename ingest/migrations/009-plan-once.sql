-- What every payment runs is planned once and kept. Planning a statement over partitions, or of several parts, costs more than running it
-- for the few payments of a group; without sequential scans a plan that is made while the tables are empty is also the one for large ones.
ALTER FUNCTION claim_payments(text[], text[], text[], text[], timestamptz[], text[], bytea[], json[])
  SET plan_cache_mode = force_generic_plan;

-- Stores answers, and for the ones that are new the events to tell: both or neither. Gives those whose claims are lost.
CREATE FUNCTION store_answers(
  merchants text[], ids text[], bodies text[], event_ids text[], event_types text[], event_bodies text[]
) RETURNS TABLE (unclaimed_merchant text, unclaimed_id text) LANGUAGE plpgsql
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
  WITH stored AS (
    INSERT INTO ingest.answers AS a (merchant_id, transaction_id, body)
    SELECT * FROM unnest(merchants, ids, bodies)
    ON CONFLICT DO NOTHING
    RETURNING a.merchant_id, a.transaction_id
  ), told AS (
    INSERT INTO ingest.webhook_deliveries (endpoint_id, event_id, type, body)
    SELECT e.endpoint_id, event.event_id, event.type, event.body
    FROM unnest(merchants, ids, event_ids, event_types, event_bodies) AS event (merchant_id, transaction_id, event_id, type, body)
      JOIN stored USING (merchant_id, transaction_id)
      JOIN ingest.webhook_endpoints e ON e.merchant_id = event.merchant_id AND e.enabled AND event.type = ANY(e.event_types)
    ON CONFLICT DO NOTHING
  )
  SELECT stored.merchant_id, stored.transaction_id FROM stored
  WHERE (SELECT true FROM ingest.transactions t
         WHERE t.merchant_id = stored.merchant_id AND t.transaction_id = stored.transaction_id) IS NULL;
END $$;
