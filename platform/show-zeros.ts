import { DeadLetter } from '@trancendos/contracts/dead-letter';
import type { TopicKey } from '@trancendos/contracts/topics';
import { metrics } from './metrics.ts';

/**
 * Makes the counters of a consumer's faults appear with 0. Growth is seen between two samples, so a counter that appears with its first fault
 * would hide that one.
 */
export function showZeros(group: string, topics: readonly TopicKey[]): void {
  metrics.consumeRetries.inc({ group }, 0);
  for (const topic of topics) for (const code of DeadLetter.shape.code.options) metrics.deadLetters.inc({ topic, code }, 0);
}
