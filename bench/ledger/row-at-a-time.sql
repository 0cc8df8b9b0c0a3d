-- The ledger that most people write first: one transfer is one transaction, which locks both accounts in the order of their ids, looks
-- whether the balance suffices, and writes two balances and a row. As one function, so that it costs one round trip.
CREATE SCHEMA rows;
CREATE TABLE rows.account (
  id bigint PRIMARY KEY,
  balance bigint NOT NULL,
  unlimited boolean NOT NULL
) WITH (fillfactor = 50);
CREATE TABLE rows.transfer (
  id uuid PRIMARY KEY,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  debit_account bigint NOT NULL REFERENCES rows.account,
  credit_account bigint NOT NULL REFERENCES rows.account,
  amount bigint NOT NULL CHECK (amount > 0),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON rows.transfer (debit_account, seq);
CREATE INDEX ON rows.transfer (credit_account, seq);

CREATE FUNCTION rows.post(transfer_id uuid, from_account bigint, to_account bigint, wanted bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  payer rows.account;
BEGIN
  PERFORM 1 FROM rows.account WHERE id IN (from_account, to_account) ORDER BY id FOR UPDATE;
  SELECT * INTO payer FROM rows.account WHERE id = from_account;
  IF NOT payer.unlimited AND payer.balance < wanted THEN RETURN false; END IF;
  INSERT INTO rows.transfer (id, debit_account, credit_account, amount) VALUES (transfer_id, from_account, to_account, wanted);
  UPDATE rows.account SET balance = balance - wanted WHERE id = from_account;
  UPDATE rows.account SET balance = balance + wanted WHERE id = to_account;
  RETURN true;
END $$;
