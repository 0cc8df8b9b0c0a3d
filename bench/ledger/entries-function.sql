-- A ledger in the manner of pgledger (own code): a function takes an array of transfers and writes, one after the other, the transfer and an
-- entry for each side with the balance before and after, under row locks taken in the order of the ids.
CREATE SCHEMA entries;
CREATE TABLE entries.account (
  id bigint PRIMARY KEY,
  balance numeric NOT NULL DEFAULT 0,
  version bigint NOT NULL DEFAULT 0,
  allow_negative boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE entries.transfer (
  id uuid PRIMARY KEY,
  from_account bigint NOT NULL REFERENCES entries.account,
  to_account bigint NOT NULL REFERENCES entries.account,
  amount numeric NOT NULL CHECK (amount > 0),
  event_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (from_account <> to_account)
);
CREATE INDEX ON entries.transfer (from_account);
CREATE INDEX ON entries.transfer (to_account);
CREATE TABLE entries.entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES entries.account,
  transfer_id uuid NOT NULL REFERENCES entries.transfer,
  amount numeric NOT NULL,
  balance_before numeric NOT NULL,
  balance_after numeric NOT NULL,
  account_version bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON entries.entry (account_id);
CREATE INDEX ON entries.entry (transfer_id);

CREATE FUNCTION entries.move(mover bigint, moved uuid, change numeric) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  now_is entries.account;
BEGIN
  UPDATE entries.account SET balance = balance + change, version = version + 1, updated_at = now()
   WHERE id = mover AND (allow_negative OR balance + change >= 0)
  RETURNING * INTO now_is;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO entries.entry (account_id, transfer_id, amount, balance_before, balance_after, account_version)
  VALUES (mover, moved, change, now_is.balance - change, now_is.balance, now_is.version);
  RETURN true;
END $$;

-- How many of the transfers were made; one that the payer cannot cover is left out.
CREATE FUNCTION entries.create_transfers(ids uuid[], from_accounts bigint[], to_accounts bigint[], amounts numeric[])
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  made int := 0;
BEGIN
  FOR place IN 1 .. cardinality(ids) LOOP
    PERFORM 1 FROM entries.account WHERE id IN (from_accounts[place], to_accounts[place]) ORDER BY id FOR UPDATE;
    CONTINUE WHEN EXISTS (SELECT 1 FROM entries.account
                           WHERE id = from_accounts[place] AND NOT allow_negative AND balance < amounts[place]);
    INSERT INTO entries.transfer (id, from_account, to_account, amount, event_at)
    VALUES (ids[place], from_accounts[place], to_accounts[place], amounts[place], now());
    IF NOT (entries.move(from_accounts[place], ids[place], -amounts[place])
            AND entries.move(to_accounts[place], ids[place], amounts[place])) THEN
      RAISE EXCEPTION 'an account is missing';
    END IF;
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
