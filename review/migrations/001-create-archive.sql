-- Every decision that counted, by the day (UTC) on which the ledger committed it. Times of commit grow with the ledger's sequence, so that
-- newest first is one order through all partitions, and what arrives is always ahead of what somebody has read.
--
-- There is no default partition: days are opened ahead of time, and by the archive itself for what is older.
CREATE TABLE decisions (
  committed_at timestamptz NOT NULL,
  ledger_seq bigint NOT NULL,
  decision_id uuid NOT NULL,
  merchant_id text NOT NULL,
  transaction_id text NOT NULL,
  account_id text,
  card_token text,
  terminal_id text,
  occurred_at timestamptz NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  action text NOT NULL,
  score smallint, -- null where no model scored, as is its name
  model text,
  actor text NOT NULL,
  degraded boolean NOT NULL,
  reason_codes text[] NOT NULL,
  money_state text NOT NULL,
  -- The label that holds, which is the last.
  label_id uuid,
  label_fraud boolean,
  label_kind text,
  label_maturity text,
  -- What the last final label says: what the rollups count.
  measured_fraud boolean,
  -- The outcome as it was published.
  body json NOT NULL,
  PRIMARY KEY (committed_at, ledger_seq)
) PARTITION BY RANGE (committed_at);

CREATE INDEX decisions_by_decision ON decisions (decision_id);
CREATE INDEX decisions_by_transaction ON decisions (transaction_id, merchant_id);
-- Each in the order in which its pages are read.
CREATE INDEX decisions_by_account ON decisions (account_id, committed_at, ledger_seq) WHERE account_id IS NOT NULL;
CREATE INDEX decisions_by_card ON decisions (card_token, committed_at, ledger_seq) WHERE card_token IS NOT NULL;
CREATE INDEX decisions_by_terminal ON decisions (terminal_id, committed_at, ledger_seq) WHERE terminal_id IS NOT NULL;
CREATE INDEX decisions_by_merchant ON decisions (merchant_id, committed_at, ledger_seq);
CREATE INDEX decisions_by_amount ON decisions (amount_minor, currency, committed_at, ledger_seq);

-- What transactions turned out to be, every statement. `committed_at` and `ledger_seq` lead to the decision; null while it has not come.
CREATE TABLE labels (
  label_id uuid PRIMARY KEY,
  merchant_id text NOT NULL,
  transaction_id text NOT NULL,
  fraud boolean NOT NULL,
  source text NOT NULL,
  kind text NOT NULL,
  maturity text NOT NULL,
  occurred_at timestamptz NOT NULL,
  known_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  committed_at timestamptz,
  ledger_seq bigint
);
CREATE INDEX labels_by_transaction ON labels (transaction_id, merchant_id, label_id);
CREATE INDEX labels_parked ON labels (transaction_id, merchant_id) WHERE committed_at IS NULL;
CREATE INDEX labels_by_decision ON labels (committed_at) WHERE committed_at IS NOT NULL;
CREATE INDEX labels_parked_since ON labels (received_at) WHERE committed_at IS NULL;

-- Decisions that the ledger passed over because another one had come first: for the record.
CREATE TABLE late_decisions (
  decision_id uuid PRIMARY KEY,
  merchant_id text NOT NULL,
  transaction_id text NOT NULL,
  decided_at timestamptz NOT NULL,
  body json NOT NULL
);
CREATE INDEX late_decisions_by_transaction ON late_decisions (transaction_id, merchant_id);
CREATE INDEX late_decisions_by_time ON late_decisions (decided_at);

-- Opens the partitions that are missing of these days. Returns how many it made; called again it changes nothing.
CREATE FUNCTION open_days(first_day date, last_day date) RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = review, pg_temp AS $$
DECLARE
  next_day date := first_day;
  name text;
  made integer := 0;
BEGIN
  IF last_day - first_day > 4000 THEN RAISE EXCEPTION 'at most 4000 days at a time'; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('review.days'));
  WHILE next_day <= last_day LOOP
    name := 'decisions_' || to_char(next_day, 'YYYYMMDD');
    IF to_regclass('review.' || name) IS NULL THEN
      EXECUTE format('CREATE TABLE review.%I PARTITION OF review.decisions FOR VALUES FROM (%L) TO (%L)',
                     name, next_day::timestamp AT TIME ZONE 'UTC', (next_day + 1)::timestamp AT TIME ZONE 'UTC');
      made := made + 1;
    END IF;
    next_day := next_day + 1;
  END LOOP;
  RETURN made;
END $$;

-- Drops the partitions of the days before this one. Returns how many. Gives up after two seconds rather than hold up the archive.
CREATE FUNCTION drop_days(before date) RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = review, pg_temp AS $$
DECLARE
  old record;
  dropped integer := 0;
BEGIN
  PERFORM set_config('lock_timeout', '2s', true);
  PERFORM pg_advisory_xact_lock(hashtext('review.days'));
  FOR old IN
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'review.decisions'::regclass AND to_date(right(relname, 8), 'YYYYMMDD') < before
  LOOP
    EXECUTE format('DROP TABLE review.%I', old.relname);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;
