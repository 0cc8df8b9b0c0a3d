-- The one writer: whoever raises the epoch owns the journal, and what an older epoch still tries to commit is refused.
CREATE TABLE writer (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch bigint NOT NULL,
  last_batch_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  last_transfer_seq bigint NOT NULL,
  last_account_number bigint NOT NULL,
  last_cause_number int NOT NULL,
  -- Hash of the last batch; the first stands on zeros.
  last_hash bytea NOT NULL CHECK (octet_length(last_hash) = 32),
  -- Commit times never go back, whatever the clock says.
  last_committed_at timestamptz NOT NULL
) WITH (fillfactor = 20);
INSERT INTO writer VALUES (true, 0, 0, 0, 0, 0, 0, decode(repeat('00', 32), 'hex'), '-infinity');

-- How far each input has been taken into the journal. Moves in the same transaction as the money.
CREATE TABLE inputs (
  number smallint PRIMARY KEY CHECK (number >= 1),
  topic text NOT NULL,
  partition int NOT NULL CHECK (partition >= 0),
  next_offset bigint NOT NULL CHECK (next_offset >= 0),
  UNIQUE (topic, partition)
) WITH (fillfactor = 20);

-- One ledger a currency: its accounts balance among themselves, and no transfer leaves it.
CREATE TABLE ledgers (
  currency text PRIMARY KEY CHECK (currency ~ '^[A-Z]{3}$'),
  -- Decimal digits of the minor unit: 2 means that 1249 is 12.49.
  exponent smallint NOT NULL CHECK (exponent BETWEEN 0 AND 4)
);

-- Newest version of every account. Rewritten with every batch that touches it, so pages keep room for the next version, and no index
-- covers a column that changes: updates then stay within the page and out of the indexes.
CREATE TABLE accounts (
  -- Rising in the order of opening; what transfers refer to.
  number bigint PRIMARY KEY CHECK (number >= 1),
  debits_posted bigint NOT NULL CHECK (debits_posted >= 0),
  credits_posted bigint NOT NULL CHECK (credits_posted >= 0),
  debits_pending bigint NOT NULL CHECK (debits_pending >= 0),
  credits_pending bigint NOT NULL CHECK (credits_pending >= 0),
  -- 1 when opened, one more with every transfer that touches it and every change of its terms.
  version bigint NOT NULL CHECK (version >= 1),
  -- The entry that made this version.
  ledger_seq bigint NOT NULL,
  -- How far beyond its credits the account may spend; null where there is no limit.
  overdraft_minor bigint CHECK (overdraft_minor >= 0),
  changed_at timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  id text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('customer', 'merchant', 'fee', 'clearing', 'settlement', 'funding')),
  currency text NOT NULL REFERENCES ledgers,
  status text NOT NULL CHECK (status IN ('open', 'frozen', 'closed')),
  -- What becomes of a hold in favour of this account when it expires.
  on_expiry text NOT NULL CHECK (on_expiry IN ('void', 'post')),
  -- [{"window":"1m","max_count":10,"max_sum":"50000"}, ...]; null where nothing is limited.
  velocity jsonb,
  metadata jsonb,
  -- The writer has checked it already; a fault there must not become a balance.
  CONSTRAINT accounts_within_limit CHECK (overdraft_minor IS NULL OR credits_posted - debits_posted - debits_pending + overdraft_minor >= 0)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

-- Who and what made transfers: every combination is written once or a few times, and referred to by number.
CREATE TABLE causes (
  number int PRIMARY KEY CHECK (number >= 1),
  -- luminous, policy, the ledger itself, or what the command says.
  actor text NOT NULL,
  model text,
  ruleset text,
  requested_by text,
  approved_by text,
  reason text
);

CREATE TYPE transfer_kind AS ENUM ('post', 'hold', 'capture', 'void', 'expire', 'reversal', 'fee', 'opening');

-- Every movement of money, with both sides as they are after it. Never changed. All transfers of one entry (`ledger_seq`) are one chain:
-- all of them were made, or none.
--
-- Partitioned by id, which begins with the milliseconds of its making: so partitions are ranges of time, and an id is unique over all of
-- them, which no partition by another column could promise.
CREATE TABLE transfers (
  id uuid NOT NULL,
  seq bigint NOT NULL CHECK (seq >= 1),
  ledger_seq bigint NOT NULL,
  debit_account bigint NOT NULL,
  credit_account bigint NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  debtor_debits_posted bigint NOT NULL,
  debtor_credits_posted bigint NOT NULL,
  debtor_debits_pending bigint NOT NULL,
  debtor_credits_pending bigint NOT NULL,
  debtor_version bigint NOT NULL,
  creditor_debits_posted bigint NOT NULL,
  creditor_credits_posted bigint NOT NULL,
  creditor_debits_pending bigint NOT NULL,
  creditor_credits_pending bigint NOT NULL,
  creditor_version bigint NOT NULL,
  -- When it was recorded, and when it happened.
  committed_at timestamptz NOT NULL,
  effective_at timestamptz NOT NULL,
  -- The message that asked for it: `inputs.number` and its offset.
  input_offset bigint NOT NULL,
  input smallint NOT NULL,
  -- Of the decision; null where no decision made it.
  score smallint,
  cause int NOT NULL,
  kind transfer_kind NOT NULL,
  -- The hold that it captures, voids or lets expire; the transfer that it reverses.
  related_to uuid,
  decision_id uuid,
  -- As given, where the transfer is a leg of an exchange.
  fx_rate text,
  PRIMARY KEY (id),
  CHECK (debit_account <> credit_account)
) PARTITION BY RANGE (id);
-- Statements and balances as of a time. The largest cost of a posting.
CREATE INDEX transfers_by_debit_account ON transfers (debit_account, seq);
CREATE INDEX transfers_by_credit_account ON transfers (credit_account, seq);
-- Proofs, the journal and verification read ranges of it. New ones always come at its right end, which is cheap.
CREATE INDEX transfers_by_seq ON transfers (seq);
CREATE INDEX transfers_by_relation ON transfers (related_to) WHERE related_to IS NOT NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'LG003';
END $$;
-- Of rows, because that is what partitions inherit.
CREATE TRIGGER transfers_append_only BEFORE UPDATE OR DELETE ON transfers FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfers_not_truncated BEFORE TRUNCATE ON transfers EXECUTE FUNCTION refuse_change();

-- Money that is reserved: the pending transfer with the same id, and what has become of it.
CREATE TABLE holds (
  id uuid PRIMARY KEY,
  debit_account bigint NOT NULL,
  credit_account bigint NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  remaining_minor bigint NOT NULL CHECK (remaining_minor BETWEEN 0 AND amount_minor),
  captured_minor bigint NOT NULL CHECK (captured_minor BETWEEN 0 AND amount_minor - remaining_minor),
  placed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  -- The entry that placed it, and the one that changed it last.
  placed_seq bigint NOT NULL,
  ledger_seq bigint NOT NULL,
  -- `captured`: some or all of it, and nothing remains. `expired` by the policy below.
  status text NOT NULL CHECK (status IN ('open', 'captured', 'voided', 'expired')),
  on_expiry text NOT NULL CHECK (on_expiry IN ('void', 'post')),
  -- The transaction under review; null where a command placed it.
  merchant_id text,
  transaction_id text,
  CHECK ((status = 'open') = (remaining_minor > 0))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX holds_open_by_expiry ON holds (expires_at, id) WHERE status = 'open';
CREATE INDEX holds_open_by_debit_account ON holds (debit_account) WHERE status = 'open';
CREATE INDEX holds_open_by_credit_account ON holds (credit_account) WHERE status = 'open';

-- How much of a transfer has been given back; a transfer that is not here, nothing.
CREATE TABLE reversals (
  transfer_id uuid PRIMARY KEY,
  reversed_minor bigint NOT NULL CHECK (reversed_minor > 0),
  ledger_seq bigint NOT NULL
) WITH (fillfactor = 80);

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

-- Every command that has been decided, with its outcome, so that a repetition gets the same and another one with its id is told apart.
-- A `post` that was applied is not here: the transfer with its id tells everything.
CREATE TABLE commands (
  id uuid PRIMARY KEY,
  ledger_seq bigint NOT NULL UNIQUE,
  committed_at timestamptz NOT NULL,
  kind text NOT NULL,
  -- `applied`, or the code of the refusal.
  result text NOT NULL,
  command text NOT NULL,
  outcome text NOT NULL
);
CREATE TRIGGER commands_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON commands EXECUTE FUNCTION refuse_change();

-- What was committed together, and the chain of hashes over it.
CREATE TABLE batches (
  seq bigint PRIMARY KEY,
  epoch bigint NOT NULL,
  first_ledger_seq bigint NOT NULL,
  entries int NOT NULL CHECK (entries >= 0),
  first_transfer_seq bigint NOT NULL,
  transfers int NOT NULL CHECK (transfers >= 0),
  committed_at timestamptz NOT NULL,
  -- Up to where it took each of its inputs, sorted by topic and partition: [["decisions.v1",0,"17"], ...].
  inputs text NOT NULL,
  merkle_root bytea NOT NULL CHECK (octet_length(merkle_root) = 32),
  -- Nodes of the tree with 64 transfers under each: a proof reads one block of transfers instead of all.
  blocks bytea NOT NULL CHECK (octet_length(blocks) = 32 * ((transfers + 63) / 64)),
  previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX batches_by_time ON batches USING brin (committed_at, first_ledger_seq, first_transfer_seq) WITH (autosummarize = on);
CREATE TRIGGER batches_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON batches EXECUTE FUNCTION refuse_change();

-- What a batch publishes, kept for as long as somebody may need it published again: one message a line, and the accounts that changed.
CREATE TABLE outbox (
  batch_seq bigint PRIMARY KEY,
  last_seq bigint NOT NULL,
  committed_at timestamptz NOT NULL,
  account_numbers bigint[] NOT NULL,
  body text NOT NULL
) WITH (toast_tuple_target = 8160);
-- Written once and read hardly ever: compressing would cost more than the space.
ALTER TABLE outbox ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN account_numbers SET STORAGE EXTERNAL;
ALTER TABLE batches ALTER COLUMN blocks SET STORAGE EXTERNAL;

-- Up to where batches are known to be published. A row of its own, because it moves after the commits and must not wait for them.
CREATE TABLE publication (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  published_batch bigint NOT NULL
) WITH (fillfactor = 20);
INSERT INTO publication (published_batch) VALUES (0);
