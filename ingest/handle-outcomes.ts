import type { Received, Verdict } from '@trancendos/platform/consume';
import { metrics } from '@trancendos/platform/metrics';
import type pg from 'pg';
import { renderAnswer } from './render-answer.ts';
import { waitingName, type WaitingRoom } from './waiting-room.ts';

export interface OutcomeParts {
  readonly pool: pg.Pool;
  readonly room: Pick<WaitingRoom, 'announce'>;
}

const OK: Verdict = { kind: 'ok' };

const INSERT = `
  INSERT INTO ingest.answers (merchant_id, transaction_id, body)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
  ON CONFLICT DO NOTHING`;

/**
 * Answers the requests that wait for these outcomes, then stores the same bytes for the repeats. In this order because the outcome is
 * already durable in the event log: its offset is committed after the store, so a crash in between only means that it is stored later.
 */
export async function handleOutcomes(parts: OutcomeParts, batch: readonly Received<'outcomes'>[]): Promise<Verdict[]> {
  const answers = batch.map(({ value }) => ({ ...value.transaction, body: renderAnswer(value) }));
  answers.forEach(({ merchant_id, transaction_id, body }, index) => {
    parts.room.announce(waitingName(merchant_id, transaction_id), body);
    observe(batch[index]);
  });
  await parts.pool.query({
    name: 'store-answers',
    text: INSERT,
    values: [answers.map((a) => a.merchant_id), answers.map((a) => a.transaction_id), answers.map((a) => a.body)],
  });
  return batch.map(() => OK);
}

function observe(received: Received<'outcomes'> | undefined): void {
  if (received) metrics.hopSeconds.observe({ hop: 'to_ingest' }, Math.max(0, received.receivedAtMs - received.sentAtMs) / 1000);
}
