-- Idempotency keys by the day (UTC) of their claim: what is older than a day and a night goes with its partition, at no cost.
CREATE TABLE idempotency_keys (
  merchant_id text NOT NULL,
  idempotency_key text NOT NULL,
  day date NOT NULL,
  transaction_id text NOT NULL,
  body_sha256 bytea NOT NULL,
  PRIMARY KEY (merchant_id, idempotency_key, day)
) PARTITION BY RANGE (day);
-- Takes what has no partition because nobody could make one.
CREATE TABLE idempotency_keys_other PARTITION OF idempotency_keys DEFAULT;

INSERT INTO idempotency_keys
SELECT merchant_id, idempotency_key, (claimed_at AT TIME ZONE 'UTC')::date, transaction_id, body_sha256
FROM transactions WHERE idempotency_key IS NOT NULL AND claimed_at > now() - interval '2 days';

DROP INDEX transactions_by_idempotency_key;

-- Makes the partitions of `today` and the next two days, and drops those that ended more than a day before it.
CREATE FUNCTION tend_idempotency_keys(today date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  next_day date;
  old record;
  dropped integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ingest.idempotency_keys'));
  PERFORM set_config('lock_timeout', '2s', true);
  FOR next_day IN SELECT today + ahead FROM generate_series(0, 2) AS ahead LOOP
    IF to_regclass('ingest.idempotency_keys_' || to_char(next_day, 'YYYYMMDD')) IS NULL
      AND NOT EXISTS (SELECT FROM ingest.idempotency_keys_other WHERE day = next_day)
    THEN
      EXECUTE format(
        'CREATE TABLE ingest.%I PARTITION OF ingest.idempotency_keys FOR VALUES FROM (%L) TO (%L)',
        'idempotency_keys_' || to_char(next_day, 'YYYYMMDD'), next_day, next_day + 1);
    END IF;
  END LOOP;
  FOR old IN
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'ingest.idempotency_keys'::regclass AND relname ~ '_\d{8}$' AND to_date(right(relname, 8), 'YYYYMMDD') < today - 1
  LOOP
    EXECUTE format('DROP TABLE ingest.%I', old.relname);
    dropped := dropped + 1;
  END LOOP;
  DELETE FROM ingest.idempotency_keys_other WHERE day < today - 1;
  RETURN dropped;
END $$;

-- Claims payments that nobody has claimed before, by key or by id, and names them. Its commit waits for no disk: a claim that a crash of the
-- database takes with it leaves a payment that the ledger knows, and there it has its effect once. What the plans must not do is to read
-- whole tables that were empty when the plan was made.
CREATE FUNCTION claim_payments(
  merchants text[], ids text[], subjects text[], terminals text[], times timestamptz[], keys text[], hashes bytea[], messages json[]
) RETURNS TABLE (claimed_merchant text, claimed_id text) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
  keyed_merchants text[];
  keyed_ids text[];
  made integer;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  WITH keyed AS (
    INSERT INTO ingest.idempotency_keys AS k (merchant_id, idempotency_key, day, transaction_id, body_sha256)
    SELECT c.merchant, c.key, today, c.id, c.hash FROM unnest(merchants, keys, ids, hashes) AS c (merchant, key, id, hash)
    WHERE (SELECT true FROM ingest.idempotency_keys e
           WHERE e.merchant_id = c.merchant AND e.idempotency_key = c.key AND e.day < today LIMIT 1) IS NULL
      AND (SELECT true FROM ingest.transactions t WHERE t.merchant_id = c.merchant AND t.transaction_id = c.id) IS NULL
    ORDER BY 1, 2 -- every writer takes its locks in this order
    ON CONFLICT DO NOTHING
    RETURNING k.merchant_id, k.transaction_id
  )
  SELECT array_agg(merchant_id), array_agg(transaction_id) INTO keyed_merchants, keyed_ids FROM keyed;
  IF keyed_ids IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
    INSERT INTO ingest.transactions AS t
      (merchant_id, transaction_id, kind, subject, terminal_id, occurred_at, idempotency_key, body_sha256, message)
    SELECT c.merchant, c.id, 'payment', c.subject, c.terminal, c.at, c.key, c.hash, c.message
    FROM unnest(merchants, ids, subjects, terminals, times, keys, hashes, messages)
      AS c (merchant, id, subject, terminal, at, key, hash, message)
    -- Mostly all of them; behind OR the rest is looked up in a hashed list, whatever joins are switched off.
    WHERE cardinality(keyed_ids) = cardinality(ids) OR (c.merchant, c.id) IN (SELECT * FROM unnest(keyed_merchants, keyed_ids))
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING
    RETURNING t.merchant_id, t.transaction_id;
  GET DIAGNOSTICS made = ROW_COUNT;
  IF made < cardinality(keyed_ids) THEN
    -- Another instance was quicker with the id: the key goes on being free.
    DELETE FROM ingest.idempotency_keys k USING unnest(merchants, ids, keys) AS c (merchant, id, key)
    WHERE k.merchant_id = c.merchant AND k.idempotency_key = c.key AND k.day = today AND k.transaction_id = c.id
      AND NOT EXISTS (
        SELECT FROM ingest.transactions t
        WHERE t.merchant_id = c.merchant AND t.transaction_id = c.id AND t.idempotency_key = c.key);
  END IF;
END $$;
