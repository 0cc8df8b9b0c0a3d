-- What banks and acquirers say has happened, to be held against the journal. Nothing here changes money, and the writer never waits for it.

-- A file that was imported for one account. The same file again is the first import.
CREATE TABLE settlement_files (
  id uuid PRIMARY KEY,
  account bigint NOT NULL REFERENCES accounts,
  name text NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  lines int NOT NULL CHECK (lines >= 1),
  first_day date NOT NULL,
  last_day date NOT NULL,
  -- How many days a transfer may lie before or after the day of its line.
  window_days smallint NOT NULL CHECK (window_days BETWEEN 0 AND 31),
  imported_at timestamptz NOT NULL,
  UNIQUE (account, sha256)
);

CREATE TABLE settlement_lines (
  file_id uuid NOT NULL REFERENCES settlement_files,
  -- In the file, counted from 1 with the header.
  line int NOT NULL CHECK (line >= 2),
  account bigint NOT NULL,
  day date NOT NULL,
  -- From the account's point of view: more than 0 came in, less than 0 went out.
  amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
  reference text,
  description text,
  -- Null while it is not matched.
  rule text CHECK (rule IN ('reference', 'reference_sum', 'amount', 'day_total', 'combination')),
  -- Why it is not; null once it is.
  unmatched_reason text CHECK (unmatched_reason IN ('no_candidate', 'amount_differs', 'outside_window', 'ambiguous')),
  matched_at timestamptz,
  PRIMARY KEY (file_id, line),
  CHECK ((rule IS NULL) = (matched_at IS NULL) AND (rule IS NULL OR unmatched_reason IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX settlement_lines_unmatched ON settlement_lines (account, day) WHERE rule IS NULL;

-- Which transfers a line stands for. A transfer settles once in an account.
CREATE TABLE settlement_matches (
  account bigint NOT NULL,
  transfer_id uuid NOT NULL,
  file_id uuid NOT NULL,
  line int NOT NULL,
  PRIMARY KEY (account, transfer_id),
  FOREIGN KEY (file_id, line) REFERENCES settlement_lines
);
CREATE INDEX settlement_matches_by_line ON settlement_matches (file_id, line);

-- Whoever reconciles reads the ledger and writes these tables alone.
DO $$
BEGIN
  CREATE ROLE ledger_reconciler NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT ledger_reconciler TO CURRENT_USER;
GRANT ledger_reader TO ledger_reconciler;
GRANT SELECT ON settlement_files, settlement_lines, settlement_matches TO ledger_reader, ledger_writer;
GRANT INSERT ON settlement_files, settlement_lines, settlement_matches TO ledger_reconciler;
GRANT UPDATE (rule, unmatched_reason, matched_at) ON settlement_lines TO ledger_reconciler;
