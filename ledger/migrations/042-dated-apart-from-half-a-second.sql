-- What takes effect up to half a second before it is recorded is found by position instead: within 2 s the busiest account of a large
-- journal has thousands of transfers, each on another page.
DROP INDEX transfers_dated_apart_by_debit_account;
DROP INDEX transfers_dated_apart_by_credit_account;
CREATE INDEX transfers_dated_apart_by_debit_account ON transfers (debit_account, effective_at)
  WHERE committed_at - effective_at > interval '500 ms' OR effective_at > committed_at;
CREATE INDEX transfers_dated_apart_by_credit_account ON transfers (credit_account, effective_at)
  WHERE committed_at - effective_at > interval '500 ms' OR effective_at > committed_at;
