import { connectPostgres } from '@trancendos/platform/postgres';
import { ConfigError, loadConfig } from '@trancendos/platform/config';
import { postgresFields } from '@trancendos/platform/config-fields';
import { tellMismatch, tellReport, USAGE } from './tell-verification.ts';
import { verifyLedger } from './verify-ledger.ts';
import { z } from 'zod';

/**
 * Alervato's books, replayed from the first transfer: `npm run ledger:verify`. Ends with 1 where something does not agree, with 2 where it
 * cannot look.
 */
const PROGRESS_EVERY_MS = 1_000;
const STATEMENT_TIMEOUT_MS = 3_600_000;

const asked = process.argv.slice(2);
if (asked.includes('--help') || asked.includes('-h')) {
  process.stdout.write(USAGE);
} else if (asked.some((argument) => argument !== '--json')) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = await verify(asked.includes('--json'));
}

async function verify(json: boolean): Promise<number> {
  let url: string;
  try {
    url = loadConfig(z.object(postgresFields)).DATABASE_URL.reveal();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const postgres = await connectPostgres({ url, applicationName: 'ledger-verify', poolMax: 1, queryTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    let toldMs = performance.now();
    const report = await postgres.inTransaction(async (client) => {
      // One moment throughout, while the ledger goes on; and nothing can be changed by looking.
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      return verifyLedger({
        client,
        onProgress: (done, total) => {
          if (performance.now() - toldMs < PROGRESS_EVERY_MS) return;
          toldMs = performance.now();
          process.stderr.write(`${done} of ${total} transfers replayed\n`);
        },
        onMismatch: (mismatch) => process.stderr.write(tellMismatch(mismatch)),
      });
    });
    process.stdout.write(json ? JSON.stringify(report) + '\n' : tellReport(report));
    return report.found.length > 0 ? 1 : 0;
  } finally {
    await postgres.stop();
  }
}
