-- What the writer asks for before it decides a batch. Planned once and by index, for the reason that commit_batch gives: a plan made while
-- a table is small reads all of it, and is kept when it is large.

CREATE FUNCTION find_accounts(account_ids text[]) RETURNS SETOF ledger.accounts LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY SELECT kept.* FROM unnest(account_ids) AS asked (id) JOIN ledger.accounts AS kept ON kept.id = asked.id;
END $$;

CREATE FUNCTION find_holds(hold_ids uuid[])
RETURNS TABLE (hold ledger.holds, debit_id text, credit_id text) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
  SELECT kept, debtor.id, creditor.id
    FROM unnest(hold_ids) AS asked (id)
    JOIN ledger.holds AS kept ON kept.id = asked.id
    JOIN ledger.accounts AS debtor ON debtor.number = kept.debit_account
    JOIN ledger.accounts AS creditor ON creditor.number = kept.credit_account;
END $$;

-- Transfers with what a repetition or a reversal needs of them.
CREATE FUNCTION find_transfers(transfer_ids uuid[])
RETURNS TABLE (id uuid, kind ledger.transfer_kind, seq bigint, ledger_seq bigint, amount_minor bigint, debit_id text, credit_id text,
               currency text, reversed_minor bigint, reversal_seq bigint, related_to uuid, committed_at timestamptz,
               effective_at timestamptz, topic text, partition int, input_offset bigint, decision_id uuid, requested_by text,
               approved_by text, reason text) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
  SELECT kept.id, kept.kind, kept.seq, kept.ledger_seq, kept.amount_minor, debtor.id, creditor.id, debtor.currency,
         coalesce(back.reversed_minor, 0), coalesce(back.ledger_seq, kept.ledger_seq), kept.related_to, kept.committed_at,
         kept.effective_at, origin.topic, origin.partition, kept.input_offset, kept.decision_id, why.requested_by, why.approved_by,
         why.reason
    FROM unnest(transfer_ids) AS asked (id)
    JOIN ledger.transfers AS kept ON kept.id = asked.id
    JOIN ledger.accounts AS debtor ON debtor.number = kept.debit_account
    JOIN ledger.accounts AS creditor ON creditor.number = kept.credit_account
    JOIN ledger.inputs AS origin ON origin.number = kept.input
    JOIN ledger.causes AS why ON why.number = kept.cause
    LEFT JOIN ledger.reversals AS back ON back.transfer_id = kept.id;
END $$;

CREATE FUNCTION find_commands(command_ids uuid[]) RETURNS SETOF ledger.commands LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY SELECT kept.* FROM unnest(command_ids) AS asked (id) JOIN ledger.commands AS kept ON kept.id = asked.id;
END $$;

CREATE FUNCTION find_transactions(merchant_ids text[], transaction_ids text[])
RETURNS TABLE (merchant_id text, transaction_id text) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
  SELECT kept.merchant_id, kept.transaction_id
    FROM unnest(find_transactions.merchant_ids, find_transactions.transaction_ids) AS asked (merchant_id, transaction_id)
    JOIN ledger.transactions AS kept ON kept.merchant_id = asked.merchant_id AND kept.transaction_id = asked.transaction_id;
END $$;

-- Position of the first transfer that was committed later than that; one more than the last where there is none. By halving: batches are
-- numbered without a gap, and their times never go back.
CREATE FUNCTION first_transfer_after(at timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 1;
  high bigint := (SELECT last_batch_seq + 1 FROM ledger.writer);
  middle bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high) / 2;
    IF (SELECT committed_at > at FROM ledger.batches WHERE seq = middle) THEN high := middle; ELSE low := middle + 1; END IF;
  END LOOP;
  RETURN coalesce((SELECT first_transfer_seq FROM ledger.batches WHERE seq = low), (SELECT last_transfer_seq + 1 FROM ledger.writer));
END $$;

-- What accounts have paid since then, newest first, at most so many payments each.
CREATE FUNCTION find_spends(account_ids text[], since timestamptz, most int)
RETURNS TABLE (account_id text, committed_at timestamptz, amount_minor bigint) LANGUAGE plpgsql STABLE
SET enable_sort = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  first_seq CONSTANT bigint := ledger.first_transfer_after(since);
BEGIN
  RETURN QUERY
  SELECT asked.id, spend.committed_at, spend.amount_minor
    FROM unnest(account_ids) AS asked (id)
    JOIN ledger.accounts AS kept ON kept.id = asked.id
   CROSS JOIN LATERAL (
     SELECT made.seq, made.committed_at, made.amount_minor FROM ledger.transfers AS made
      WHERE made.debit_account = kept.number AND made.seq >= first_seq AND made.kind IN ('post', 'hold')
      ORDER BY made.seq DESC LIMIT most) AS spend
   ORDER BY spend.seq DESC;
END $$;

-- Open holds that are due, earliest first.
CREATE FUNCTION find_due_holds(at timestamptz, most int) RETURNS SETOF uuid LANGUAGE sql STABLE
SET enable_seqscan = off AS $$
  SELECT id FROM ledger.holds WHERE status = 'open' AND expires_at <= at ORDER BY expires_at, id LIMIT most
$$;
