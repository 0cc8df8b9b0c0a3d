-- What a merchant has settled with us. A merchant without a row has the defaults.
CREATE TABLE merchants (
  merchant_id text PRIMARY KEY,
  require_signature boolean NOT NULL DEFAULT false,
  -- What happens to a payment that could not be decided within its deadline: [{"up_to_minor": 5000, "action": "approve"}, ...].
  on_timeout json NOT NULL DEFAULT '[]',
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- API keys by their hash: whoever reads this table cannot act for a merchant. Rows are never deleted, so a revoked key stays known as such.
CREATE TABLE api_keys (
  key_id text PRIMARY KEY,
  merchant_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('live', 'test')),
  key_sha256 bytea NOT NULL UNIQUE,
  name text,
  hint text,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  allowed_ips text[] NOT NULL DEFAULT '{}',
  -- Sealed; null for a key that came as a hash, which signs nothing.
  signing_secret bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  -- To the hour: it tells whether a key is still needed, not who did what when.
  last_used_at timestamptz,
  -- Instances look for rows that have changed since they last looked.
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX api_keys_by_merchant ON api_keys (merchant_id, key_id);
CREATE INDEX api_keys_by_change ON api_keys (changed_at);
CREATE INDEX merchants_by_change ON merchants (changed_at);
