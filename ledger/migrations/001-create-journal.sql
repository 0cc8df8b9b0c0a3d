-- The one writer: whoever raises the epoch owns the journal, and what an older epoch still tries to commit is refused.
CREATE TABLE writer (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch bigint NOT NULL,
  last_seq bigint NOT NULL,
  last_transfer_seq bigint NOT NULL
);
INSERT INTO writer (epoch, last_seq, last_transfer_seq) VALUES (0, 0, 0);

-- How far each input has been taken into the journal. Moves in the same transaction as the money.
CREATE TABLE cursors (
  topic text NOT NULL,
  partition int NOT NULL,
  next_offset bigint NOT NULL CHECK (next_offset >= 0),
  PRIMARY KEY (topic, partition)
);

-- Newest version of every account. Rewritten with every batch that touches it, so pages keep room for the next version, and no index
-- covers a column that changes: updates then stay within the page and out of the indexes.
CREATE TABLE accounts (
  id text PRIMARY KEY,
  debits_posted bigint NOT NULL CHECK (debits_posted >= 0),
  credits_posted bigint NOT NULL CHECK (credits_posted >= 0),
  debits_pending bigint NOT NULL CHECK (debits_pending >= 0),
  credits_pending bigint NOT NULL CHECK (credits_pending >= 0),
  -- How far beyond its credits the account may spend; null where there is no limit.
  overdraft_minor bigint CHECK (overdraft_minor >= 0),
  version bigint NOT NULL CHECK (version >= 1),
  -- The outcome that made this version.
  ledger_seq bigint NOT NULL,
  changed_at timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('customer', 'merchant', 'clearing', 'funding')),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  -- The writer has checked it already; a fault there must not become a balance.
  CONSTRAINT accounts_within_limit CHECK (overdraft_minor IS NULL OR credits_posted - debits_posted - debits_pending + overdraft_minor >= 0)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

-- Every movement of money, with the counters of both sides as they are after it. Never changed.
CREATE TABLE transfers (
  id uuid PRIMARY KEY,
  seq bigint NOT NULL CHECK (seq >= 1),
  ledger_seq bigint NOT NULL CHECK (ledger_seq >= 1),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  debtor_debits_posted bigint NOT NULL,
  debtor_credits_posted bigint NOT NULL,
  debtor_debits_pending bigint NOT NULL,
  debtor_credits_pending bigint NOT NULL,
  creditor_debits_posted bigint NOT NULL,
  creditor_credits_posted bigint NOT NULL,
  creditor_debits_pending bigint NOT NULL,
  creditor_credits_pending bigint NOT NULL,
  committed_at timestamptz NOT NULL,
  debit_account text NOT NULL,
  credit_account text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('post', 'hold', 'opening')),
  currency text NOT NULL,
  CHECK (debit_account <> credit_account)
);
CREATE UNIQUE INDEX transfers_by_debit_account ON transfers (debit_account, seq);
CREATE UNIQUE INDEX transfers_by_credit_account ON transfers (credit_account, seq);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'LG003';
END $$;
CREATE TRIGGER transfers_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfers EXECUTE FUNCTION refuse_change();

-- Money that a review holds: the pending transfer, and what has become of it.
CREATE TABLE holds (
  transfer_id uuid PRIMARY KEY,
  remaining_minor bigint NOT NULL CHECK (remaining_minor >= 0),
  placed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open')),
  currency text NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX holds_open_by_expiry ON holds (expires_at) WHERE status = 'open';

-- Every transaction that has been decided, once: the key is what makes a second decision impossible.
CREATE TABLE transactions (
  merchant_id text NOT NULL,
  transaction_id text NOT NULL,
  ledger_seq bigint NOT NULL UNIQUE,
  transfer_id uuid,
  committed_at timestamptz NOT NULL,
  decision_id text NOT NULL,
  action text NOT NULL CHECK (action IN ('approve', 'review', 'decline')),
  PRIMARY KEY (merchant_id, transaction_id)
);
CREATE TRIGGER transactions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transactions EXECUTE FUNCTION refuse_change();

-- Outcomes as they are published, kept for as long as somebody may need them published again.
CREATE TABLE outbox (
  ledger_seq bigint PRIMARY KEY,
  committed_at timestamptz NOT NULL,
  body text NOT NULL
) WITH (toast_tuple_target = 8160);
-- Written once and read hardly ever: compressing would cost more than the space.
ALTER TABLE outbox ALTER COLUMN body SET STORAGE EXTERNAL;

-- Up to where outcomes are known to be published. A row of its own, because it moves after the commits and must not wait for them.
CREATE TABLE publication (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  published_seq bigint NOT NULL
);
INSERT INTO publication (published_seq) VALUES (0);
