import { loadConfig } from '@trancendos/platform/config';
import { run } from '@trancendos/platform/run';
import { serveHealth } from '@trancendos/platform/serve-health';
import { LedgerConfig } from './config.ts';
import { openLedger } from './open-ledger.ts';

/** Alervato: decisions in, money moved, outcomes out. */
await run('ledger', async (scope) => {
  const config = loadConfig(LedgerConfig);
  const { ready } = await openLedger(config, scope);
  await scope.open(serveHealth({ service: 'ledger', host: config.LISTEN_HOST, port: config.LEDGER_METRICS_PORT, ready }));
});
