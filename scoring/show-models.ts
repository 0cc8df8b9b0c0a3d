import { metrics } from '@trancendos/platform/metrics';
import type { StandingOrders } from './standing-orders.ts';

/** Puts into the metrics which versions score, and in which role. */
export function showModels({ champion, fallback, challengers }: Pick<StandingOrders, 'champion' | 'fallback' | 'challengers'>): void {
  metrics.modelActive.reset();
  if (champion) metrics.modelActive.set({ role: 'champion', model: champion.label }, 1);
  if (fallback) metrics.modelActive.set({ role: 'fallback', model: fallback.label }, 1);
  for (const { label } of challengers) metrics.modelActive.set({ role: 'challenger', model: label }, 1);
}
