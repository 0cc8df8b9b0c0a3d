-- Writes a batch whole or not at all: positions, accounts, transfers, holds, transactions, outcomes. One call is one transaction.
-- Arrays are columns; those of one table have the same length. Raises LG001 when another writer has taken over, LG002 when the tables are
-- not as the writer remembers them.
--
-- The planner switches: the plans are made once, when the tables may be empty, and must still be index look-ups when they are large.
CREATE FUNCTION commit_batch(
  writer_epoch bigint,
  expected_seq bigint,
  expected_transfer_seq bigint,
  batch_committed_at timestamptz,

  cursor_topics text[],
  cursor_partitions int[],
  cursor_expected_offsets bigint[], -- null where the input is new
  cursor_next_offsets bigint[],

  account_ids text[],
  account_kinds text[],
  account_currencies text[],
  account_overdrafts bigint[],
  account_expected_versions bigint[], -- 0 where the account is new
  account_versions bigint[],
  account_ledger_seqs bigint[],
  account_debits_posted bigint[],
  account_credits_posted bigint[],
  account_debits_pending bigint[],
  account_credits_pending bigint[],

  transfer_ids uuid[],
  transfer_kinds text[],
  transfer_ledger_seqs bigint[],
  transfer_currencies text[],
  transfer_amounts bigint[],
  transfer_expiries timestamptz[], -- holds only
  transfer_debit_accounts text[],
  transfer_debtor_debits_posted bigint[],
  transfer_debtor_credits_posted bigint[],
  transfer_debtor_debits_pending bigint[],
  transfer_debtor_credits_pending bigint[],
  transfer_credit_accounts text[],
  transfer_creditor_debits_posted bigint[],
  transfer_creditor_credits_posted bigint[],
  transfer_creditor_debits_pending bigint[],
  transfer_creditor_credits_pending bigint[],

  transaction_merchant_ids text[],
  transaction_ids text[],
  transaction_decision_ids text[],
  transaction_actions text[],
  transaction_transfer_ids uuid[], -- null where no money moved

  outcome_lines text -- one outcome a line, in the order of the transactions
) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  done bigint;
  opened bigint;
BEGIN
  UPDATE ledger.writer
     SET last_seq = last_seq + cardinality(transaction_ids), last_transfer_seq = last_transfer_seq + cardinality(transfer_ids)
   WHERE epoch = writer_epoch AND last_seq = expected_seq AND last_transfer_seq = expected_transfer_seq;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'fenced: the journal belongs to another writer than epoch %', writer_epoch USING ERRCODE = 'LG001';
  END IF;

  INSERT INTO ledger.cursors (topic, partition, next_offset)
  SELECT given.topic, given.partition, given.next
    FROM unnest(cursor_topics, cursor_partitions, cursor_expected_offsets, cursor_next_offsets) AS given (topic, partition, expected, next)
   WHERE given.expected IS NULL;
  GET DIAGNOSTICS opened = ROW_COUNT;
  UPDATE ledger.cursors AS kept
     SET next_offset = given.next
    FROM unnest(cursor_topics, cursor_partitions, cursor_expected_offsets, cursor_next_offsets) AS given (topic, partition, expected, next)
   WHERE kept.topic = given.topic AND kept.partition = given.partition AND kept.next_offset = given.expected;
  GET DIAGNOSTICS done = ROW_COUNT;
  IF opened + done <> cardinality(cursor_topics) THEN
    RAISE EXCEPTION 'an input is not where the writer left it' USING ERRCODE = 'LG002';
  END IF;

  -- Before the money, so that a transaction which is known already is what the batch fails by.
  INSERT INTO ledger.transactions (merchant_id, transaction_id, ledger_seq, transfer_id, committed_at, decision_id, action)
  SELECT given.merchant_id, given.transaction_id, expected_seq + given.place, given.transfer_id, batch_committed_at, given.decision_id, given.action
    FROM unnest(transaction_merchant_ids, transaction_ids, transaction_transfer_ids, transaction_decision_ids, transaction_actions)
         WITH ORDINALITY AS given (merchant_id, transaction_id, transfer_id, decision_id, action, place);

  INSERT INTO ledger.accounts (id, kind, currency, overdraft_minor, version, ledger_seq, changed_at, opened_at,
                               debits_posted, credits_posted, debits_pending, credits_pending)
  SELECT given.id, given.kind, given.currency, given.overdraft, given.version, given.ledger_seq, batch_committed_at, batch_committed_at,
         given.debits_posted, given.credits_posted, given.debits_pending, given.credits_pending
    FROM unnest(account_ids, account_kinds, account_currencies, account_overdrafts, account_expected_versions, account_versions,
                account_ledger_seqs, account_debits_posted, account_credits_posted, account_debits_pending, account_credits_pending)
      AS given (id, kind, currency, overdraft, expected, version, ledger_seq, debits_posted, credits_posted, debits_pending, credits_pending)
   WHERE given.expected = 0;
  GET DIAGNOSTICS opened = ROW_COUNT;
  UPDATE ledger.accounts AS kept
     SET debits_posted = given.debits_posted, credits_posted = given.credits_posted,
         debits_pending = given.debits_pending, credits_pending = given.credits_pending,
         version = given.version, ledger_seq = given.ledger_seq, changed_at = batch_committed_at
    FROM unnest(account_ids, account_expected_versions, account_versions, account_ledger_seqs,
                account_debits_posted, account_credits_posted, account_debits_pending, account_credits_pending)
      AS given (id, expected, version, ledger_seq, debits_posted, credits_posted, debits_pending, credits_pending)
   WHERE kept.id = given.id AND kept.version = given.expected;
  GET DIAGNOSTICS done = ROW_COUNT;
  IF opened + done <> cardinality(account_ids) THEN
    RAISE EXCEPTION 'an account is not as the writer remembers it' USING ERRCODE = 'LG002';
  END IF;

  INSERT INTO ledger.transfers (id, seq, ledger_seq, amount_minor,
                                debtor_debits_posted, debtor_credits_posted, debtor_debits_pending, debtor_credits_pending,
                                creditor_debits_posted, creditor_credits_posted, creditor_debits_pending, creditor_credits_pending,
                                committed_at, debit_account, credit_account, kind, currency)
  SELECT given.id, expected_transfer_seq + given.place, given.ledger_seq, given.amount,
         given.debtor_debits_posted, given.debtor_credits_posted, given.debtor_debits_pending, given.debtor_credits_pending,
         given.creditor_debits_posted, given.creditor_credits_posted, given.creditor_debits_pending, given.creditor_credits_pending,
         batch_committed_at, given.debit_account, given.credit_account, given.kind, given.currency
    FROM unnest(transfer_ids, transfer_kinds, transfer_ledger_seqs, transfer_currencies, transfer_amounts,
                transfer_debit_accounts, transfer_debtor_debits_posted, transfer_debtor_credits_posted,
                transfer_debtor_debits_pending, transfer_debtor_credits_pending,
                transfer_credit_accounts, transfer_creditor_debits_posted, transfer_creditor_credits_posted,
                transfer_creditor_debits_pending, transfer_creditor_credits_pending)
         WITH ORDINALITY
      AS given (id, kind, ledger_seq, currency, amount,
              debit_account, debtor_debits_posted, debtor_credits_posted, debtor_debits_pending, debtor_credits_pending,
              credit_account, creditor_debits_posted, creditor_credits_posted, creditor_debits_pending, creditor_credits_pending, place);

  INSERT INTO ledger.holds (transfer_id, remaining_minor, placed_at, expires_at, currency)
  SELECT given.id, given.amount, batch_committed_at, given.expires_at, given.currency
    FROM unnest(transfer_ids, transfer_kinds, transfer_currencies, transfer_amounts, transfer_expiries)
      AS given (id, kind, currency, amount, expires_at)
   WHERE given.kind = 'hold';

  INSERT INTO ledger.outbox (ledger_seq, committed_at, body)
  SELECT expected_seq + given.place, batch_committed_at, given.body
    FROM string_to_table(outcome_lines, E'\n') WITH ORDINALITY AS given (body, place);
  GET DIAGNOSTICS done = ROW_COUNT;
  IF done <> cardinality(transaction_ids) THEN
    RAISE EXCEPTION '% outcomes for % transactions', done, cardinality(transaction_ids) USING ERRCODE = 'LG002';
  END IF;
END $$;
