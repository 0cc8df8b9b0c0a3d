import type { Outcome } from '@trancendos/contracts/outcome';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { textColumn } from '@trancendos/platform/encode-columns';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import { startSpan } from '@trancendos/platform/trace';
import { keepLateDecisions } from './keep-late-decisions.ts';
import type { HeardOutcomes } from './heard-outcomes.ts';
import { logOutcome } from './log-outcome.ts';
import { settleOperations, type SettleParts } from './operations/settle-operations.ts';
import { restoreClaims } from './store-claims.ts';
import { renderEvent } from './webhooks/render-event.ts';
import { waitingName, type WaitingRoom } from './waiting-room.ts';

/** What the answers are stored with. */
export interface OutcomeParts extends SettleParts {
  readonly heard: Pick<HeardOutcomes, 'answerTo'>;
  readonly log: Pick<Logger, 'info'>;
}

/** Who waits for outcomes, and who learns from the ones that they waited for. */
export interface WaitingParts {
  readonly room: Pick<WaitingRoom, 'announce' | 'recentAnswer'>;
  readonly heard: Pick<HeardOutcomes, 'answerTo' | 'knowsAnswer'>;
  /** Told of every outcome that was waited for. */
  readonly onAnswered: (outcome: Outcome) => void;
}

const OK: Verdict = { kind: 'ok' };

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
export function answerWaiting({ room, heard, onAnswered }: WaitingParts, received: Received<'outcomes'>): void {
  if (!heard.knowsAnswer(received.value)) {
    const { merchant_id, transaction_id } = received.value.transaction;
    const name = waitingName(merchant_id, transaction_id);
    if (room.recentAnswer(name) === undefined && room.announce(name, heard.answerTo(received.value))) onAnswered(received.value);
  }
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
  // Made of the event log alone, whatever was heard of it before.
  const answers = batch.map(({ value }) => ({ ...value.transaction, body: parts.heard.answerTo(value) }));
  const events = batch.map(({ value }, index) => renderEvent(value, answers[index]?.body ?? ''));
  const { rows: unclaimed } = await parts.pool.query<{ unclaimed_merchant: string; unclaimed_id: string }>({
    name: 'store-answers',
    text: 'SELECT * FROM ingest.store_answers($1, $2, $3, $4, $5, $6)',
    values: [
      textColumn(answers, (answer) => answer.merchant_id),
      textColumn(answers, (answer) => answer.transaction_id),
      textColumn(answers, (answer) => answer.body),
      textColumn(events, (event) => event.eventId),
      textColumn(events, (event) => event.type),
      textColumn(events, (event) => event.body),
    ],
  });
  for (const { value, correlationId } of batch) logOutcome(parts.log, value, correlationId);
  if (unclaimed.length === 0) return;
  const names = new Set(unclaimed.map(({ unclaimed_merchant, unclaimed_id }) => waitingName(unclaimed_merchant, unclaimed_id)));
  const transactions = batch.map(({ value }) => value.transaction);
  await restoreClaims(
    parts.pool,
    transactions.filter(({ merchant_id, transaction_id }) => names.has(waitingName(merchant_id, transaction_id))),
  );
}
