import type { DeadLetter } from '@trancendos/contracts/dead-letter';
import { topics, type TopicKey } from '@trancendos/contracts/topics';
import { nowMs, toInstant } from './clock.ts';
import type { Received, Verdict } from './consume.ts';
import type { Entry } from './inbox-queue.ts';
import type { Logger } from './log.ts';
import { metrics } from './metrics.ts';
import type { Publisher } from './publish.ts';

/** A dead letter must fit into the log itself, base64 included: what is longer is cut, and the letter says so. */
const LETTER_PAYLOAD_MAX_BYTES = 524_288;
const LETTER_KEY_MAX = 1_024;
const DETAIL_MAX = 500;

/**
 * Publishes a dead letter for every entry that no retry can mend: what could not be read, and what its handler rejected. One verdict for each
 * entry that is a message, in order. Rejects when a letter is not confirmed: the batch must come again then.
 */
export async function setAside<K extends TopicKey>(
  entries: readonly Entry<Received<K>>[],
  verdicts: readonly Verdict[],
  { publisher, group, log }: { readonly publisher: Pick<Publisher, 'publish'>; readonly group: string; readonly log: Logger },
): Promise<void> {
  let index = 0;
  const letters: Promise<void>[] = [];
  for (const entry of entries) {
    const verdict = entry.kind === 'message' ? verdicts[index++] : undefined;
    if (entry.kind === 'skip' || (entry.kind === 'message' && verdict?.kind !== 'reject')) continue;
    const letter = letterOf(entry, verdict, group);
    const { topic, partition, offset, correlationId } = entry.origin;
    log.warn({ correlationId, topic, partition, offset: String(offset), code: letter.code, detail: letter.detail }, 'message set aside');
    metrics.deadLetters.inc({ topic, code: letter.code });
    letters.push(publisher.publish('deadLetters', letter.key ?? '', letter, correlationId));
  }
  await Promise.all(letters);
}

function letterOf<M>(entry: Entry<M>, verdict: Verdict | undefined, group: string): DeadLetter {
  const { topic, partition, offset, key } = entry.origin;
  const { code, detail } = causeOf(entry, verdict);
  const payload = entry.origin.payload();
  const cut =
    payload.length > LETTER_PAYLOAD_MAX_BYTES ? `only the first ${LETTER_PAYLOAD_MAX_BYTES} of ${payload.length} bytes kept; ` : '';
  return {
    topic: topics[topic].name,
    partition,
    offset: String(offset),
    key: key?.slice(0, LETTER_KEY_MAX) ?? null,
    group,
    code,
    detail: (cut + detail).slice(0, DETAIL_MAX),
    payload_base64: payload.subarray(0, LETTER_PAYLOAD_MAX_BYTES).toString('base64'),
    failed_at: toInstant(nowMs()),
  };
}

function causeOf<M>(entry: Entry<M>, verdict: Verdict | undefined): Pick<DeadLetter, 'code' | 'detail'> {
  if (entry.kind === 'unreadable') return { code: entry.code, detail: entry.detail };
  return { code: 'refused', detail: verdict?.kind === 'reject' ? verdict.detail : '' };
}
