-- Real decisions on payments that the merchant's policy had decided by then: for the record, they move no money.
CREATE TABLE late_decisions (
  merchant_id text NOT NULL,
  transaction_id text NOT NULL,
  decision_id text NOT NULL,
  -- As merchants see it.
  body json NOT NULL,
  arrived_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Whether its event is in the outbox.
  told boolean NOT NULL DEFAULT false,
  PRIMARY KEY (merchant_id, transaction_id)
);

CREATE INDEX late_decisions_to_tell ON late_decisions (arrived_at) WHERE NOT told;
