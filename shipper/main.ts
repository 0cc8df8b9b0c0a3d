import { loadConfig } from '@trancendos/platform/config';
import { run } from '@trancendos/platform/run';
import { serveHealth } from '@trancendos/platform/serve-health';
import { ShipperConfig } from './config.ts';
import { openShipper } from './open-shipper.ts';

/** Log files of the services in, documents in Elasticsearch out. Nothing waits for it. */
await run('shipper', async (scope) => {
  const config = loadConfig(ShipperConfig);
  await scope.open(openShipper(config, scope.log));
  // While Elasticsearch is away the files are the spool: that is no reason to restart or to route around the shipper.
  const ready = () => Promise.resolve([]);
  await scope.open(serveHealth({ service: 'shipper', host: config.LISTEN_HOST, port: config.SHIPPER_METRICS_PORT, ready }));
});
