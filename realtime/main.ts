import { loadConfig } from '@trancendos/platform/config';
import { run } from '@trancendos/platform/run';
import { serveHealth } from '@trancendos/platform/serve-health';
import { RealtimeConfig } from './config.ts';
import { openRealtime } from './open-realtime.ts';

/** What the browser talks to: the live feed, the console's page, and sign-in. */
await run('realtime', async (scope) => {
  const config = loadConfig(RealtimeConfig);
  const { ready } = await openRealtime(config, scope);
  await scope.open(serveHealth({ service: 'realtime', host: config.LISTEN_HOST, port: config.REALTIME_METRICS_PORT, ready }));
});
