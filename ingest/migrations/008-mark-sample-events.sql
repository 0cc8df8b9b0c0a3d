-- Sent because a merchant wanted to see one: told in the log, where it stands among those that happened.
ALTER TABLE webhook_deliveries ADD COLUMN is_sample boolean NOT NULL DEFAULT false;
