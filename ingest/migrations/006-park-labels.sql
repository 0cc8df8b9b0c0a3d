-- What labels rest on, and labels of transactions that have not come yet.
ALTER TABLE labels
  ADD COLUMN kind text NOT NULL DEFAULT 'confirmed_fraud',
  ADD COLUMN maturity text NOT NULL DEFAULT 'final',
  -- Kept for its transaction; its message lacks what only that can tell, and is published when it has come.
  ADD COLUMN parked boolean NOT NULL DEFAULT false,
  ADD COLUMN received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  DROP CONSTRAINT labels_merchant_id_transaction_id_source_fraud_known_at_key,
  ADD UNIQUE (merchant_id, transaction_id, source, fraud, kind, maturity, known_at);
UPDATE labels SET kind = 'genuine' WHERE NOT fraud;

CREATE INDEX labels_parked ON labels (merchant_id, transaction_id) WHERE parked;
CREATE INDEX labels_unpublished ON labels (received_at) WHERE NOT published AND NOT parked;
