-- Who reads changes nothing, whatever a fault in it attempts. Roles belong to the whole server, so another database may have made them already.
DO $$
BEGIN
  CREATE ROLE review_writer NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  CREATE ROLE review_reader NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT review_writer, review_reader TO CURRENT_USER;

GRANT USAGE ON SCHEMA review TO review_writer, review_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA review TO review_writer, review_reader;
GRANT INSERT, UPDATE ON decisions TO review_writer;
GRANT INSERT, UPDATE, DELETE ON labels, late_decisions, rollup, rollup_latency, rollup_reason TO review_writer;
-- Partitions that come later are reached through their parent.
REVOKE EXECUTE ON FUNCTION open_days(date, date), drop_days(date), archive_batch, hold_labels(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_days(date, date), drop_days(date), archive_batch, hold_labels(uuid[]) TO review_writer;
