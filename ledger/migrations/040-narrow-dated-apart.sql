-- What takes effect up to 2 s before it is recorded is found by position instead, and of a busy account that are thousands within 10 s.
DROP INDEX transfers_dated_apart_by_debit_account;
DROP INDEX transfers_dated_apart_by_credit_account;
CREATE INDEX transfers_dated_apart_by_debit_account ON transfers (debit_account, effective_at)
  WHERE committed_at - effective_at > interval '2 s' OR effective_at > committed_at;
CREATE INDEX transfers_dated_apart_by_credit_account ON transfers (credit_account, effective_at)
  WHERE committed_at - effective_at > interval '2 s' OR effective_at > committed_at;
