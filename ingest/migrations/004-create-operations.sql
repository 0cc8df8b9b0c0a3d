-- What has happened to the money of payments after their decision: what merchants asked for, what analysts did to holds, holds that ran out.
CREATE TABLE operations (
  -- The ledger's command; of a hold that ran out, `exp_` and the hold.
  operation_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  transaction_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('capture', 'void', 'refund', 'expire')),
  status text NOT NULL CHECK (status IN ('pending', 'applied', 'refused')),
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Of what the merchant asked for: the key and the hash of the body, and the command as it is published, to publish it again. A key whose
  -- command the ledger has refused is free again.
  idempotency_key text,
  body_sha256 bytea,
  request_id text,
  command json,
  -- What the ledger made of it, and the first and only answer to the merchant, byte for byte.
  outcome json,
  ledger_seq bigint,
  answer text,
  -- Whether its event is in the outbox.
  told boolean NOT NULL DEFAULT false
);

CREATE INDEX operations_by_transaction ON operations (merchant_id, transaction_id);
CREATE UNIQUE INDEX operations_by_idempotency_key ON operations (merchant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- One at a time: what the next one may ask for depends on what becomes of this one.
CREATE UNIQUE INDEX operations_under_way ON operations (merchant_id, transaction_id) WHERE status = 'pending';
CREATE INDEX operations_unfinished ON operations (asked_at) WHERE status = 'pending' OR (status = 'applied' AND NOT told);
