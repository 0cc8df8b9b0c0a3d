import { setPriority } from 'node:os';
import { connectEventLog } from '@trancendos/platform/event-log';
import { openLog } from '@trancendos/platform/log';
import { connectPostgres } from '@trancendos/platform/postgres';
import { BeliefParameters } from '@trancendos/models/features/describe-beliefs';
import { z } from 'zod';
import { checkParity } from './check-parity.ts';
import { findSnapshots } from './snapshot-store.ts';

/** What the process is asked: it is forked by `watch-parity.ts`, is told where things are, answers with a report, and ends. */
const Order = z.strictObject({
  brokers: z.array(z.string()),
  databaseUrl: z.string(),
  group: z.string(),
  beliefs: BeliefParameters.nullable(),
});

/** The lowest: whoever decides comes first. */
const NICE = 19;

process.once('message', (message) => void answer(Order.parse(message)));

async function answer({ brokers, databaseUrl, group, beliefs }: z.infer<typeof Order>): Promise<void> {
  setPriority(NICE);
  const log = openLog('scoring-parity', { LOG_LEVEL: 'warn', LOG_FORMAT: 'json' });
  const postgres = await connectPostgres({ url: databaseUrl, applicationName: 'scoring-parity', poolMax: 1 });
  const eventLog = await connectEventLog({ brokers, service: 'scoring-parity', log });
  const report = await checkParity({ eventLog, group, beliefs, findSnapshot: findSnapshots(postgres, log) });
  await eventLog.stop();
  await postgres.stop();
  process.send?.(report, () => process.disconnect?.());
}
