-- Times and positions lead to batches, which are numbered without a gap and committed in the order of their times: a binary search over the
-- primary key, some twenty look-ups in a ledger of a million batches. 0 where there is none so early.
CREATE FUNCTION batch_at(at timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  low bigint := 0;
  high bigint := (SELECT coalesce(max(seq), 0) FROM ledger.batches);
  middle bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    IF (SELECT committed_at FROM ledger.batches WHERE seq = middle) <= at THEN low := middle; ELSE high := middle - 1; END IF;
  END LOOP;
  RETURN low;
END $$;

CREATE FUNCTION batch_of_transfer(transfer_seq bigint) RETURNS bigint LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  low bigint := 0;
  high bigint := (SELECT coalesce(max(seq), 0) FROM ledger.batches);
  middle bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    IF (SELECT first_transfer_seq FROM ledger.batches WHERE seq = middle) <= transfer_seq THEN low := middle; ELSE high := middle - 1; END IF;
  END LOOP;
  RETURN low;
END $$;

CREATE FUNCTION batch_of_entry(entry_seq bigint) RETURNS bigint LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  low bigint := 0;
  high bigint := (SELECT coalesce(max(seq), 0) FROM ledger.batches);
  middle bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    IF (SELECT first_ledger_seq FROM ledger.batches WHERE seq = middle) <= entry_seq THEN low := middle; ELSE high := middle - 1; END IF;
  END LOOP;
  RETURN low;
END $$;

-- Position of the last transfer that was recorded by then.
CREATE FUNCTION transfer_seq_at(at timestamptz) RETURNS bigint LANGUAGE sql STABLE STRICT AS $$
  SELECT coalesce((SELECT first_transfer_seq + transfers - 1 FROM ledger.batches WHERE seq = ledger.batch_at(at)), 0)
$$;

-- Transfers whose effective time is not that of their recording, give or take: few, and all that a balance as of an effective time has to
-- look for far away from that time.
CREATE INDEX transfers_dated_apart_by_debit_account ON transfers (debit_account, effective_at)
  WHERE committed_at - effective_at > interval '10 s' OR effective_at > committed_at;
CREATE INDEX transfers_dated_apart_by_credit_account ON transfers (credit_account, effective_at)
  WHERE committed_at - effective_at > interval '10 s' OR effective_at > committed_at;
