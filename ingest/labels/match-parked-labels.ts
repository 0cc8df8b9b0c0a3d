import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import type { Publisher } from '@trancendos/platform/publish';
import type { Resource } from '@trancendos/platform/run';
import type pg from 'pg';
import { openFollowing } from '../follow-changes.ts';
import { findUnfinishedLabels, forgetParkedLabels, notePublished } from './store-labels.ts';

export interface MatchParts {
  readonly pool: pg.Pool;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly log: Logger;
}

const LOOK_EVERY_MS = 1_000;

/** Publishes parked labels as soon as their transactions have come. A label that is published twice counts once: it says what is known. */
export async function matchParkedLabels({ pool, publisher }: Pick<MatchParts, 'pool' | 'publisher'>): Promise<void> {
  const labels = await findUnfinishedLabels(pool);
  if (labels.length === 0) return;
  await Promise.all(labels.map((label) => publisher.publish('labels', label.subject, label, label.request_id)));
  await notePublished(pool, labels);
  metrics.parkedLabelsMatched.inc(labels.length);
}

/** Looks for matches until it is stopped. */
export async function openMatching(parts: MatchParts): Promise<Resource> {
  await forgetParkedLabels(parts.pool);
  return openFollowing({ what: 'parked labels', look: () => matchParkedLabels(parts), log: parts.log, everyMs: LOOK_EVERY_MS });
}
