-- What each part of the ledger may do, whatever a fault in it attempts: nobody changes or deletes what was posted. Roles belong to the
-- whole server, so another database may have made them already.
DO $$
BEGIN
  CREATE ROLE ledger_writer NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  CREATE ROLE ledger_reader NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT ledger_writer, ledger_reader TO CURRENT_USER;

GRANT USAGE ON SCHEMA ledger TO ledger_writer, ledger_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO ledger_writer, ledger_reader;
GRANT UPDATE ON writer, publication TO ledger_writer;
GRANT INSERT, UPDATE ON inputs, accounts, holds, reversals TO ledger_writer;
GRANT INSERT ON ledgers, causes, transfers, transactions, commands, batches TO ledger_writer;
GRANT INSERT, DELETE ON outbox TO ledger_writer;
-- Partitions that come later are reached through their parent.
REVOKE EXECUTE ON FUNCTION open_partitions(timestamptz, timestamptz, int), commit_batch, keep_terms(jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_partitions(timestamptz, timestamptz, int), commit_batch, keep_terms(jsonb, timestamptz) TO ledger_writer;
