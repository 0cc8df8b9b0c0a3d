-- What a worker needs to go on without reading the whole log again: the feature state and the offsets up to which it was folded.
CREATE TABLE snapshot (
  snapshot_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Feature set and layout that the bytes were written with; others cannot be read.
  feature_set text NOT NULL,
  format integer NOT NULL,
  -- Hash of the belief parameters that the state was folded with, or `none`.
  beliefs text NOT NULL,
  -- Topic -> partition -> next offset to fold, as digits.
  offsets jsonb NOT NULL,
  -- Compressed with Zstandard.
  state bytea NOT NULL,
  taken_at timestamptz NOT NULL
);

-- The bytes are compressed already.
ALTER TABLE snapshot ALTER COLUMN state SET STORAGE EXTERNAL;
