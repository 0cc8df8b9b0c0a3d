-- Who may sign in to the console, the links that let somebody in once, and what happened.

CREATE TABLE account (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE CHECK (name = lower(name)),
  roles text[] NOT NULL CHECK (cardinality(roles) > 0),
  -- Null until the owner has used the link that came with the account.
  password_hash text,
  disabled boolean NOT NULL DEFAULT false,
  -- Goes up with everything that ends the account's sessions: other roles, another password, disabling.
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  last_sign_in_at timestamptz
);
-- Every gateway asks each second what has changed lately.
CREATE INDEX account_changed_at ON account (changed_at);

-- Only hashes: whoever reads the table can use no link.
CREATE TABLE one_time_link (
  token_sha256 bytea PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('set_up', 'password')),
  account_id text REFERENCES account (id),
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  CHECK ((kind = 'set_up') = (account_id IS NULL))
);

CREATE TABLE audit_event (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL,
  actor_id text,
  actor_name text,
  session_id text,
  address text,
  request_id text,
  subject text,
  before jsonb,
  after jsonb
);
CREATE INDEX audit_event_kind ON audit_event (kind, seq);
CREATE INDEX audit_event_actor ON audit_event (actor_id, seq);
CREATE INDEX audit_event_subject ON audit_event (subject, seq);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
