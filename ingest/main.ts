import { loadConfig } from '@trancendos/platform/config';
import { run } from '@trancendos/platform/run';
import { serveHealth } from '@trancendos/platform/serve-health';
import { IngestConfig } from './config.ts';
import { openIngest } from './open-ingest.ts';

/** The merchant API: transactions, labels and history in, one answer out in which decision and money agree. */
await run('ingest', async (scope) => {
  const config = loadConfig(IngestConfig);
  const { ready } = await openIngest(config, scope);
  await scope.open(serveHealth({ service: 'ingest', host: config.LISTEN_HOST, port: config.INGEST_METRICS_PORT, ready }));
});
