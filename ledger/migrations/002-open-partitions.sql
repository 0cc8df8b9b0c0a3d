-- The smallest id that a UUID made at this time can have: its first 48 bits are the milliseconds since the epoch (RFC 9562).
CREATE FUNCTION first_id_at(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (lpad(to_hex(greatest(0, floor(extract(epoch FROM at) * 1000))::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Ids from before the first partition, and from clocks that are far ahead. Small: there is hardly anything in it.
CREATE TABLE transfers_other PARTITION OF transfers DEFAULT;
CREATE TRIGGER transfers_not_truncated BEFORE TRUNCATE ON transfers_other EXECUTE FUNCTION refuse_change();

-- Makes the partitions of `transfers` that are missing between two times, each of `days` days, beginning at a multiple of that since the
-- epoch. Returns how many it made. Ahead of time, so that no posting ever waits for it; called again it changes nothing.
CREATE FUNCTION open_partitions(from_time timestamptz, until_time timestamptz, days int) RETURNS int LANGUAGE plpgsql
SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
  span interval := make_interval(days => days);
  begins timestamptz := to_timestamp(floor(extract(epoch FROM from_time) / (days * 86400)) * days * 86400);
  name text;
  made int := 0;
BEGIN
  IF days NOT BETWEEN 1 AND 366 THEN RAISE EXCEPTION 'a partition has 1 to 366 days'; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ledger.open_partitions'));
  WHILE begins < until_time LOOP
    name := format('transfers_%s', to_char(begins AT TIME ZONE 'UTC', 'YYYYMMDD'));
    IF to_regclass(format('ledger.%I', name)) IS NULL THEN
      EXECUTE format('CREATE TABLE ledger.%I PARTITION OF ledger.transfers FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = 100)',
                     name, ledger.first_id_at(begins), ledger.first_id_at(begins + span));
      EXECUTE format('CREATE TRIGGER transfers_not_truncated BEFORE TRUNCATE ON ledger.%I EXECUTE FUNCTION ledger.refuse_change()', name);
      made := made + 1;
    END IF;
    begins := begins + span;
  END LOOP;
  RETURN made;
END $$;
SELECT open_partitions(now() - interval '7 days', now() + interval '28 days', 7);
