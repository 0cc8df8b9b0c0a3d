import { controlKey, type Control } from '@trancendos/contracts/control';
import type { BeliefParameters } from '@trancendos/models/features/describe-beliefs';
import { hashBeliefs } from '@trancendos/models/features/feature-kernel';
import type { ScoringConfig } from './config.ts';
import type { ControlDesk } from './control-desk.ts';

/** Older than everything that is published. */
const CONFIGURED = { published_at: '1970-01-01T00:00:00.000Z', published_by: 'configuration' } as const;

/**
 * Takes in what is in force at the start: the configured versions, and over them what has been published. The champion comes first: the
 * feature state has to be folded with its belief parameters, which are returned, and the other versions have to fit it.
 */
export async function takeOrders(
  desk: ControlDesk,
  config: Pick<ScoringConfig, 'SCORING_MODEL' | 'SCORING_FALLBACK_MODEL'>,
  published: ReadonlyMap<string, Control>,
): Promise<BeliefParameters | null> {
  await takeRole(desk, published, { kind: 'model', name: 'champion', version: config.SCORING_MODEL, ...CONFIGURED });
  const fallback: Control = { kind: 'model', name: 'fallback', version: config.SCORING_FALLBACK_MODEL, ...CONFIGURED };
  const { champion } = desk.orders;
  // Where the champion is refused the fallback scores, so the state has to be folded for that one.
  if (!champion) await takeRole(desk, published, fallback);
  const beliefs = (champion ?? desk.orders.fallback)?.version.manifest.beliefs ?? null;
  desk.bindBeliefs(hashBeliefs(beliefs));
  if (champion) await takeRole(desk, published, fallback);
  for (const message of published.values()) if (message.kind !== 'model') await desk.apply(message);
  return beliefs;
}

/** The configured version of a role, then the published one: one that is refused leaves the configured one in its place. */
async function takeRole(desk: ControlDesk, published: ReadonlyMap<string, Control>, configured: Control): Promise<void> {
  await desk.apply(configured);
  const chosen = published.get(controlKey(configured));
  if (chosen) await desk.apply(chosen);
}
