import { parseArgs } from 'node:util';
import { killLedgerUnderLoad } from './kill-ledger-under-load.ts';

/**
 * Kills the ledger's writer and its database with SIGKILL again and again while they work, and reads everything again at the end: whatever
 * was acknowledged has to be there, once, in a journal that is sound. `npm run ledger:kill-loop -- --seconds 600`.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    'writer-every': { type: 'string', default: '3' },
    'database-every': { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
if (values.help) {
  say('npm run ledger:kill-loop -- [--seconds 600] [--writer-every 3] [--database-every 10]');
  process.exit(0);
}
const { sound, path } = await killLedgerUnderLoad({
  seconds: Number(values.seconds),
  writerEveryMs: Number(values['writer-every']) * 1_000,
  databaseEveryMs: Number(values['database-every']) * 1_000,
  say,
});
say(sound ? 'nothing lost, nothing doubled' : `FAILED: the database is kept in ${path}`);
process.exit(sound ? 0 : 1);
