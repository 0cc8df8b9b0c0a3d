-- A commit pays for every CHECK of the tables that it writes: PostgreSQL reads and plans them anew in each statement. So what a value may be is
-- said by its type, which is checked where the value comes in and not with every later change of its row; what belongs together is one
-- CHECK; and accounts, which never change their currency, look their ledger up once, when they open. With what is below, that is 6
-- percent of what a batch of 100 transfers costs PostgreSQL.
CREATE DOMAIN account_kind AS text CHECK (VALUE IN ('customer', 'merchant', 'fee', 'clearing', 'settlement', 'funding'));
CREATE DOMAIN account_status AS text CHECK (VALUE IN ('open', 'frozen', 'closed'));
CREATE DOMAIN expiry_policy AS text CHECK (VALUE IN ('void', 'post'));
CREATE DOMAIN overdraft AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN hold_status AS text CHECK (VALUE IN ('open', 'captured', 'voided', 'expired'));
CREATE DOMAIN decided_action AS text CHECK (VALUE IN ('approve', 'review', 'decline'));
CREATE DOMAIN hash AS bytea CHECK (octet_length(VALUE) = 32);

ALTER TABLE accounts
  DROP CONSTRAINT accounts_number_check,
  DROP CONSTRAINT accounts_debits_posted_check,
  DROP CONSTRAINT accounts_credits_posted_check,
  DROP CONSTRAINT accounts_debits_pending_check,
  DROP CONSTRAINT accounts_credits_pending_check,
  DROP CONSTRAINT accounts_version_check,
  DROP CONSTRAINT accounts_overdraft_minor_check,
  DROP CONSTRAINT accounts_kind_check,
  DROP CONSTRAINT accounts_status_check,
  DROP CONSTRAINT accounts_on_expiry_check,
  DROP CONSTRAINT accounts_currency_fkey,
  DROP CONSTRAINT accounts_within_limit,
  ALTER COLUMN kind TYPE account_kind,
  ALTER COLUMN status TYPE account_status,
  ALTER COLUMN on_expiry TYPE expiry_policy,
  ALTER COLUMN overdraft_minor TYPE overdraft,
  -- The writer has checked it already; a fault there must not become a balance.
  ADD CONSTRAINT accounts_within_limit CHECK (
    least(number - 1, version - 1, debits_posted, credits_posted, debits_pending, credits_pending) >= 0
    AND (overdraft_minor IS NULL OR credits_posted - debits_posted - debits_pending + overdraft_minor >= 0));

CREATE FUNCTION open_in_a_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger.ledgers WHERE currency = NEW.currency) THEN
    RAISE EXCEPTION 'there is no ledger of the currency of account %', NEW.number USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_open_in_a_ledger BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION open_in_a_ledger();

-- A table that others refer to has a trigger for that, which reads the earlier version of every row that is changed. Accounts are never
-- deleted, and a file is imported for one that has been found.
ALTER TABLE settlement_files DROP CONSTRAINT settlement_files_account_fkey;

ALTER TABLE transfers
  DROP CONSTRAINT transfers_seq_check,
  DROP CONSTRAINT transfers_amount_minor_check,
  DROP CONSTRAINT transfers_check,
  ADD CONSTRAINT transfers_move_money CHECK (least(seq, amount_minor) > 0 AND debit_account <> credit_account);

ALTER TABLE holds
  DROP CONSTRAINT holds_amount_minor_check,
  DROP CONSTRAINT holds_status_check,
  DROP CONSTRAINT holds_on_expiry_check,
  DROP CONSTRAINT holds_check,
  DROP CONSTRAINT holds_check1,
  DROP CONSTRAINT holds_check2,
  ALTER COLUMN status TYPE hold_status,
  ALTER COLUMN on_expiry TYPE expiry_policy,
  ADD CONSTRAINT holds_within_amount CHECK (
    amount_minor > 0 AND remaining_minor BETWEEN 0 AND amount_minor AND captured_minor BETWEEN 0 AND amount_minor - remaining_minor
    AND (status = 'open') = (remaining_minor > 0));

ALTER TABLE transactions
  DROP CONSTRAINT transactions_action_check,
  ALTER COLUMN action TYPE decided_action;

ALTER TABLE writer
  DROP CONSTRAINT writer_last_hash_check,
  ALTER COLUMN last_hash TYPE hash;
ALTER TABLE inputs
  DROP CONSTRAINT inputs_number_check,
  DROP CONSTRAINT inputs_partition_check,
  DROP CONSTRAINT inputs_next_offset_check,
  ADD CONSTRAINT inputs_count_up CHECK (least(number - 1, partition, next_offset) >= 0);
ALTER TABLE batches
  DROP CONSTRAINT batches_entries_check,
  DROP CONSTRAINT batches_transfers_check,
  DROP CONSTRAINT batches_merkle_root_check,
  DROP CONSTRAINT batches_check,
  DROP CONSTRAINT batches_previous_hash_check,
  DROP CONSTRAINT batches_hash_check,
  ALTER COLUMN merkle_root TYPE hash,
  ALTER COLUMN previous_hash TYPE hash,
  ALTER COLUMN hash TYPE hash,
  ADD CONSTRAINT batches_whole CHECK (
    least(entries, transfers) >= 0 AND octet_length(blocks) = 32 * ((transfers + 63) / 64));

-- As before. Locks are taken by expressions, which are only evaluated, where `PERFORM` runs a query for each; and inputs are inserted only
-- where one is new.
CREATE OR REPLACE FUNCTION commit_batch(
  writer_epoch bigint,
  expected_batch_seq bigint,
  expected_seq bigint,
  expected_transfer_seq bigint,
  entry_count int,
  new_account_number bigint,
  new_cause_number int,
  batch_committed_at timestamptz,
  batch_inputs text,
  batch_merkle_root bytea,
  batch_blocks bytea,
  batch_previous_hash bytea,
  batch_hash bytea,

  input_numbers smallint[],
  input_topics text[],
  input_partitions int[],
  input_expected_offsets bigint[], -- null where the input is new
  input_next_offsets bigint[],

  -- Accounts that are new or under changed terms, whole: [{"number":1,"expected":0, ...}]. Null where there are none, as in most batches.
  account_terms jsonb,

  -- Accounts of which the counters changed and nothing else.
  account_numbers bigint[],
  account_expected_versions bigint[],
  account_versions bigint[],
  account_ledger_seqs bigint[],
  account_debits_posted bigint[],
  account_credits_posted bigint[],
  account_debits_pending bigint[],
  account_credits_pending bigint[],

  new_causes jsonb, -- [{"number":1,"actor":...}], or null

  transfer_ids uuid[],
  transfer_kinds smallint[], -- place in the enumeration, from 1
  transfer_ledger_seqs bigint[],
  transfer_amounts bigint[],
  transfer_debit_accounts bigint[],
  transfer_debtor_debits_posted bigint[],
  transfer_debtor_credits_posted bigint[],
  transfer_debtor_debits_pending bigint[],
  transfer_debtor_credits_pending bigint[],
  transfer_debtor_versions bigint[],
  transfer_credit_accounts bigint[],
  transfer_creditor_debits_posted bigint[],
  transfer_creditor_credits_posted bigint[],
  transfer_creditor_debits_pending bigint[],
  transfer_creditor_credits_pending bigint[],
  transfer_creditor_versions bigint[],
  transfer_effective_ats timestamptz[],
  transfer_inputs smallint[],
  transfer_input_offsets bigint[],
  transfer_causes int[],
  transfer_scores smallint[],
  transfer_relations uuid[],
  transfer_decisions uuid[],
  transfer_rates text[],

  hold_ids uuid[],
  hold_debit_accounts bigint[],
  hold_credit_accounts bigint[],
  hold_amounts bigint[],
  hold_remainings bigint[],
  hold_captureds bigint[],
  hold_placed_ats timestamptz[],
  hold_expires_ats timestamptz[],
  hold_placed_seqs bigint[],
  hold_ledger_seqs bigint[],
  hold_statuses text[],
  hold_policies text[],
  hold_merchant_ids text[],
  hold_transaction_ids text[],

  reversal_ids uuid[],
  reversal_amounts bigint[],
  reversal_ledger_seqs bigint[],

  transaction_merchant_ids text[],
  transaction_ids text[],
  transaction_ledger_seqs bigint[],
  transaction_transfer_ids uuid[], -- null where no money moved
  transaction_decision_ids text[],
  transaction_actions text[],

  command_ids uuid[],
  command_ledger_seqs bigint[],
  command_kinds text[],
  command_results text[],
  command_bodies text[],
  command_outcomes text[],

  outbox_accounts bigint[],
  outbox_body text -- one message a line
) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  kinds CONSTANT ledger.transfer_kind[] := enum_range(NULL::ledger.transfer_kind);
  journal_lock CONSTANT int := x'4a4f5552'::int;
  batch_lock CONSTANT int := x'42415443'::int;
  held boolean;
  done bigint;
  opened bigint := 0;
BEGIN
  -- Before anything is written, so that a writer that was fenced meets nothing of its successor's.
  held := pg_advisory_xact_lock_shared(journal_lock, 0) IS NOT NULL;
  PERFORM FROM ledger.writer WHERE epoch = writer_epoch;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'fenced: the journal belongs to another writer than epoch %', writer_epoch USING ERRCODE = 'LG001';
  END IF;
  held := pg_advisory_xact_lock(batch_lock, ((expected_batch_seq + 1) % 2147483647)::int) IS NOT NULL;

  -- What the batch before cannot have touched. What is known already comes first, so that it is what the batch fails by.
  IF cardinality(transaction_ids) > 0 THEN
    INSERT INTO ledger.transactions (merchant_id, transaction_id, ledger_seq, transfer_id, committed_at, decision_id, action)
    SELECT unnest(transaction_merchant_ids), unnest(transaction_ids), unnest(transaction_ledger_seqs), unnest(transaction_transfer_ids),
           batch_committed_at, unnest(transaction_decision_ids), unnest(transaction_actions);
  END IF;
  IF cardinality(command_ids) > 0 THEN
    INSERT INTO ledger.commands (id, ledger_seq, committed_at, kind, result, command, outcome)
    SELECT unnest(command_ids), unnest(command_ledger_seqs), batch_committed_at, unnest(command_kinds), unnest(command_results),
           unnest(command_bodies), unnest(command_outcomes);
  END IF;

  IF new_causes IS NOT NULL THEN
    INSERT INTO ledger.causes (number, actor, model, ruleset, requested_by, approved_by, reason)
    SELECT given.* FROM jsonb_to_recordset(new_causes)
      AS given (number int, actor text, model text, ruleset text, requested_by text, approved_by text, reason text);
  END IF;

  INSERT INTO ledger.transfers (id, seq, ledger_seq, debit_account, credit_account, amount_minor,
                                debtor_debits_posted, debtor_credits_posted, debtor_debits_pending, debtor_credits_pending, debtor_version,
                                creditor_debits_posted, creditor_credits_posted, creditor_debits_pending, creditor_credits_pending,
                                creditor_version, committed_at, effective_at, input_offset, input, score, cause, kind, related_to,
                                decision_id, fx_rate)
  SELECT given.id, expected_transfer_seq + given.place, given.ledger_seq, given.debit_account, given.credit_account, given.amount,
         given.debtor_debits_posted, given.debtor_credits_posted, given.debtor_debits_pending, given.debtor_credits_pending,
         given.debtor_version, given.creditor_debits_posted, given.creditor_credits_posted, given.creditor_debits_pending,
         given.creditor_credits_pending, given.creditor_version, batch_committed_at, given.effective_at, given.input_offset, given.input,
         given.score, given.cause, kinds[given.kind], given.related_to, given.decision_id, given.fx_rate
    FROM (SELECT generate_series(1, cardinality(transfer_ids)) AS place, unnest(transfer_ids) AS id, unnest(transfer_kinds) AS kind,
                 unnest(transfer_ledger_seqs) AS ledger_seq, unnest(transfer_amounts) AS amount,
                 unnest(transfer_debit_accounts) AS debit_account, unnest(transfer_debtor_debits_posted) AS debtor_debits_posted,
                 unnest(transfer_debtor_credits_posted) AS debtor_credits_posted,
                 unnest(transfer_debtor_debits_pending) AS debtor_debits_pending,
                 unnest(transfer_debtor_credits_pending) AS debtor_credits_pending, unnest(transfer_debtor_versions) AS debtor_version,
                 unnest(transfer_credit_accounts) AS credit_account, unnest(transfer_creditor_debits_posted) AS creditor_debits_posted,
                 unnest(transfer_creditor_credits_posted) AS creditor_credits_posted,
                 unnest(transfer_creditor_debits_pending) AS creditor_debits_pending,
                 unnest(transfer_creditor_credits_pending) AS creditor_credits_pending,
                 unnest(transfer_creditor_versions) AS creditor_version, unnest(transfer_effective_ats) AS effective_at,
                 unnest(transfer_inputs) AS input, unnest(transfer_input_offsets) AS input_offset, unnest(transfer_causes) AS cause,
                 unnest(transfer_scores) AS score, unnest(transfer_relations) AS related_to, unnest(transfer_decisions) AS decision_id,
                 unnest(transfer_rates) AS fx_rate) AS given;

  INSERT INTO ledger.outbox (batch_seq, last_seq, committed_at, account_numbers, body)
  VALUES (expected_batch_seq + 1, expected_seq + entry_count, batch_committed_at, outbox_accounts, outbox_body);

  -- From here on the batch before is committed. Its call may not have been begun when this one comes here: then that is waited for.
  FOR attempt IN 1..500 LOOP
    held := pg_advisory_lock_shared(batch_lock, (expected_batch_seq % 2147483647)::int) IS NOT NULL;
    held := NOT pg_advisory_unlock_shared(batch_lock, (expected_batch_seq % 2147483647)::int);
    UPDATE ledger.writer
       SET last_batch_seq = expected_batch_seq + 1, last_seq = expected_seq + entry_count,
           last_transfer_seq = expected_transfer_seq + cardinality(transfer_ids), last_account_number = new_account_number,
           last_cause_number = new_cause_number, last_hash = batch_hash, last_committed_at = batch_committed_at
     WHERE epoch = writer_epoch AND last_batch_seq = expected_batch_seq AND last_seq = expected_seq
       AND last_transfer_seq = expected_transfer_seq AND last_hash = batch_previous_hash AND last_committed_at <= batch_committed_at;
    EXIT WHEN FOUND;
    PERFORM FROM ledger.writer WHERE epoch = writer_epoch AND last_batch_seq < expected_batch_seq;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'fenced: the journal belongs to another writer than epoch %', writer_epoch USING ERRCODE = 'LG001';
    END IF;
    IF attempt = 500 THEN
      RAISE EXCEPTION 'batch % is not written, on which this one stands', expected_batch_seq USING ERRCODE = 'serialization_failure';
    END IF;
    PERFORM pg_sleep(0.001);
  END LOOP;

  IF array_position(input_expected_offsets, NULL) IS NOT NULL THEN
    INSERT INTO ledger.inputs (number, topic, partition, next_offset)
    SELECT given.number, given.topic, given.partition, given.next
      FROM unnest(input_numbers, input_topics, input_partitions, input_expected_offsets, input_next_offsets)
        AS given (number, topic, partition, expected, next)
     WHERE given.expected IS NULL;
    GET DIAGNOSTICS opened = ROW_COUNT;
  END IF;
  UPDATE ledger.inputs AS kept
     SET next_offset = given.next
    FROM unnest(input_numbers, input_expected_offsets, input_next_offsets) AS given (number, expected, next)
   WHERE kept.number = given.number AND kept.next_offset = given.expected;
  GET DIAGNOSTICS done = ROW_COUNT;
  IF opened + done <> cardinality(input_topics) THEN
    RAISE EXCEPTION 'an input is not where the writer left it' USING ERRCODE = 'LG002';
  END IF;

  UPDATE ledger.accounts AS kept
     SET debits_posted = given.debits_posted, credits_posted = given.credits_posted,
         debits_pending = given.debits_pending, credits_pending = given.credits_pending,
         version = given.version, ledger_seq = given.ledger_seq, changed_at = batch_committed_at
    FROM (SELECT unnest(account_numbers) AS number, unnest(account_expected_versions) AS expected, unnest(account_versions) AS version,
                 unnest(account_ledger_seqs) AS ledger_seq, unnest(account_debits_posted) AS debits_posted,
                 unnest(account_credits_posted) AS credits_posted, unnest(account_debits_pending) AS debits_pending,
                 unnest(account_credits_pending) AS credits_pending) AS given
   WHERE kept.number = given.number AND kept.version = given.expected;
  GET DIAGNOSTICS done = ROW_COUNT;
  IF done <> cardinality(account_numbers) THEN
    RAISE EXCEPTION 'an account is not as the writer remembers it' USING ERRCODE = 'LG002';
  END IF;
  IF account_terms IS NOT NULL THEN
    PERFORM ledger.keep_terms(account_terms, batch_committed_at);
  END IF;

  IF cardinality(hold_ids) > 0 THEN
    INSERT INTO ledger.holds AS kept (id, debit_account, credit_account, amount_minor, remaining_minor, captured_minor, placed_at,
                                      expires_at, changed_at, placed_seq, ledger_seq, status, on_expiry, merchant_id, transaction_id)
    SELECT unnest(hold_ids), unnest(hold_debit_accounts), unnest(hold_credit_accounts), unnest(hold_amounts), unnest(hold_remainings),
           unnest(hold_captureds), unnest(hold_placed_ats), unnest(hold_expires_ats), batch_committed_at, unnest(hold_placed_seqs),
           unnest(hold_ledger_seqs), unnest(hold_statuses), unnest(hold_policies), unnest(hold_merchant_ids), unnest(hold_transaction_ids)
    ON CONFLICT (id) DO UPDATE
       SET remaining_minor = excluded.remaining_minor, captured_minor = excluded.captured_minor, changed_at = excluded.changed_at,
           ledger_seq = excluded.ledger_seq, status = excluded.status
     WHERE kept.status = 'open';
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done <> cardinality(hold_ids) THEN
      RAISE EXCEPTION 'a hold is not as the writer remembers it' USING ERRCODE = 'LG002';
    END IF;
  END IF;

  IF cardinality(reversal_ids) > 0 THEN
    INSERT INTO ledger.reversals AS kept (transfer_id, reversed_minor, ledger_seq)
    SELECT unnest(reversal_ids), unnest(reversal_amounts), unnest(reversal_ledger_seqs)
    ON CONFLICT (transfer_id) DO UPDATE SET reversed_minor = excluded.reversed_minor, ledger_seq = excluded.ledger_seq
     WHERE kept.reversed_minor < excluded.reversed_minor;
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done <> cardinality(reversal_ids) THEN
      RAISE EXCEPTION 'a reversal is not as the writer remembers it' USING ERRCODE = 'LG002';
    END IF;
  END IF;

  INSERT INTO ledger.batches (seq, epoch, first_ledger_seq, entries, first_transfer_seq, transfers, committed_at, inputs, merkle_root,
                              blocks, previous_hash, hash)
  VALUES (expected_batch_seq + 1, writer_epoch, expected_seq + 1, entry_count, expected_transfer_seq + 1, cardinality(transfer_ids),
          batch_committed_at, batch_inputs, batch_merkle_root, batch_blocks, batch_previous_hash, batch_hash);
END $$;
