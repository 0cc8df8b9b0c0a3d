import { loadConfig } from '@trancendos/platform/config';
import { run } from '@trancendos/platform/run';
import { serveHealth } from '@trancendos/platform/serve-health';
import { ScoringConfig } from './config.ts';
import { openScoring } from './open-scoring.ts';

/** Luminous: transactions and labels in, decisions out. */
await run('scoring', async (scope) => {
  const config = loadConfig(ScoringConfig);
  const { ready } = await openScoring(config, scope);
  await scope.open(serveHealth({ service: 'scoring', host: config.LISTEN_HOST, port: config.SCORING_METRICS_PORT, ready }));
});
