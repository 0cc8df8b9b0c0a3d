import type { Outcome } from '@trancendos/contracts/outcome';
import type { Received, Verdict } from '@trancendos/platform/consume';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import { startSpan } from '@trancendos/platform/trace';
import { keepLateDecisions } from './keep-late-decisions.ts';
import { logOutcome } from './log-outcome.ts';
import { settleOperations, type SettleParts } from './operations/settle-operations.ts';
import { renderAnswer } from './render-answer.ts';
import type { AnswerSharer } from './share-answers.ts';
import { restoreClaims } from './store-claims.ts';
import { renderEvent } from './webhooks/render-event.ts';
import { waitingName, type WaitingRoom } from './waiting-room.ts';

export interface OutcomeParts extends SettleParts {
  readonly log: Pick<Logger, 'info'>;
  readonly room: Pick<WaitingRoom, 'recentAnswer'>;
}

export interface AnnounceParts {
  readonly room: Pick<WaitingRoom, 'announce'>;
  readonly sharer: Pick<AnswerSharer, 'share'>;
}

const OK: Verdict = { kind: 'ok' };

/** The answers, and for the ones that are new the events to tell, in one statement: both or neither. Gives those whose claims are lost. */
const INSERT = `
  WITH stored AS (
    INSERT INTO ingest.answers (merchant_id, transaction_id, body)
    SELECT merchant_id, transaction_id, body FROM unnest($1::text[], $2::text[], $3::text[]) AS a (merchant_id, transaction_id, body)
    ON CONFLICT DO NOTHING
    RETURNING merchant_id, transaction_id
  ), told AS (
  INSERT INTO ingest.webhook_deliveries (endpoint_id, event_id, type, body)
  SELECT e.endpoint_id, event.event_id, event.type, event.body
  FROM unnest($1::text[], $2::text[], $4::text[], $5::text[], $6::text[]) AS event (merchant_id, transaction_id, event_id, type, body)
    JOIN stored USING (merchant_id, transaction_id)
    JOIN ingest.webhook_endpoints e ON e.merchant_id = event.merchant_id AND e.enabled AND event.type = ANY(e.event_types)
  ON CONFLICT DO NOTHING
  )
  SELECT merchant_id, transaction_id FROM stored
  WHERE (SELECT true FROM ingest.transactions t
         WHERE t.merchant_id = stored.merchant_id AND t.transaction_id = stored.transaction_id) IS NULL`;

/** Takes what the ledger has done: outcomes of decisions first, because what happens to a payment's money comes after its decision. */
export async function handleOutcomes(
  parts: OutcomeParts,
  batch: readonly Received<'outcomes' | 'commandOutcomes' | 'lateDecisions'>[],
): Promise<Verdict[]> {
  const decided = batch.filter((received) => received.topic === 'outcomes');
  const commanded = batch.filter((received) => received.topic === 'commandOutcomes');
  if (decided.length > 0) await storeAnswers(parts, decided);
  if (commanded.length > 0) {
    await settleOperations(
      parts,
      commanded.map(({ value }) => value),
    );
  }
  const late = batch.filter((received) => received.topic === 'lateDecisions');
  if (late.length > 0) {
    await keepLateDecisions(
      parts.pool,
      late.map(({ value }) => value),
    );
  }
  return batch.map(() => OK);
}

/**
 * Answers the requests that wait for an outcome, as soon as it is fetched: it is durable in the event log, and whoever waits need not wait
 * for the answers before it to be stored.
 */
export function announceOutcome({ room, sharer }: AnnounceParts, received: Received<'outcomes'>): void {
  const { transaction } = received.value;
  const name = waitingName(transaction.merchant_id, transaction.transaction_id);
  const answer = renderAnswer(received.value);
  if (!room.announce(name, answer)) sharer.share(name, answer);
  if (received.traceparent !== undefined) {
    startSpan({ name: 'ingest answer', kind: 'internal', parent: received.traceparent, startMs: received.receivedAtMs })?.end();
  }
  metrics.hopSeconds.observe({ hop: 'to_ingest' }, Math.max(0, received.receivedAtMs - received.sentAtMs) / 1000);
}

/**
 * Stores the bytes of the answers for the repeats. An outcome's offset is committed afterwards, so a crash in between only means that it is
 * stored later.
 */
async function storeAnswers(parts: OutcomeParts, batch: readonly Received<'outcomes'>[]): Promise<void> {
  const answers = batch.map(({ value }) => ({ ...value.transaction, body: answerOf(parts, value) }));
  const events = batch.map(({ value }, index) => renderEvent(value, answers[index]?.body ?? ''));
  const { rows: unclaimed } = await parts.pool.query<{ merchant_id: string; transaction_id: string }>({
    name: 'store-answers',
    text: INSERT,
    values: [
      answers.map((answer) => answer.merchant_id),
      answers.map((answer) => answer.transaction_id),
      answers.map((answer) => answer.body),
      events.map((event) => event.eventId),
      events.map((event) => event.type),
      events.map((event) => event.body),
    ],
  });
  for (const { value, correlationId } of batch) logOutcome(parts.log, value, correlationId);
  if (unclaimed.length === 0) return;
  const names = new Set(unclaimed.map(({ merchant_id, transaction_id }) => waitingName(merchant_id, transaction_id)));
  const transactions = batch.map(({ value }) => value.transaction);
  await restoreClaims(
    parts.pool,
    transactions.filter(({ merchant_id, transaction_id }) => names.has(waitingName(merchant_id, transaction_id))),
  );
}

/** What was announced, where that is at hand still: the bytes are the same, and made once. */
function answerOf({ room }: OutcomeParts, outcome: Outcome): string {
  const { merchant_id, transaction_id } = outcome.transaction;
  return room.recentAnswer(waitingName(merchant_id, transaction_id)) ?? renderAnswer(outcome);
}
