-- The accounts with these ids, where they exist. Planned once and by index, for the reason that commit_batch gives: a plan made while the
-- table is small reads all of it, and is kept when it is large.
CREATE FUNCTION find_accounts(account_ids text[]) RETURNS SETOF ledger.accounts LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  RETURN QUERY SELECT kept.* FROM unnest(account_ids) AS asked (id) JOIN ledger.accounts AS kept ON kept.id = asked.id;
END $$;
