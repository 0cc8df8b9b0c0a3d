-- What merchants have handed in: one row per merchant and transaction id, written before anything is published and never changed.
CREATE TABLE transactions (
  merchant_id text NOT NULL,
  transaction_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('payment', 'history')),
  subject text NOT NULL,
  terminal_id text,
  occurred_at timestamptz NOT NULL,
  claimed_at timestamptz NOT NULL DEFAULT now(),
  -- Payments only: the key and the hash of the body that they were sent under, and the message as it is published, to publish it again.
  idempotency_key text,
  body_sha256 bytea,
  message json,
  PRIMARY KEY (merchant_id, transaction_id),
  CHECK (kind = 'history' OR (idempotency_key IS NOT NULL AND body_sha256 IS NOT NULL AND message IS NOT NULL))
);

CREATE UNIQUE INDEX transactions_by_idempotency_key ON transactions (merchant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- The first and only answer to a payment, byte for byte. Apart from the claims, so that no row is ever rewritten.
CREATE TABLE answers (
  merchant_id text NOT NULL,
  transaction_id text NOT NULL,
  body text NOT NULL,
  answered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, transaction_id)
);

-- What past transactions turned out to be. The same statement twice is one label.
CREATE TABLE labels (
  label_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  transaction_id text NOT NULL,
  source text NOT NULL,
  fraud boolean NOT NULL,
  known_at timestamptz NOT NULL,
  idempotency_key text,
  message json NOT NULL,
  published boolean NOT NULL DEFAULT false,
  UNIQUE (merchant_id, transaction_id, source, fraud, known_at)
);

CREATE UNIQUE INDEX labels_by_idempotency_key ON labels (merchant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
