import { startPlatform } from '@trancendos/local/start-platform';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareWal } from './prepare-wal.ts';

/** What a measurement is made against. */
export interface BenchTarget {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Addresses of the services' metrics by their names. */
  readonly metrics: Readonly<Record<string, string>>;
  /** Of a platform of its own. */
  readonly databaseUrl?: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a platform for one measurement, as `npm start -- --no-traffic` would, on free ports and with data that is wiped afterwards, and
 * has its PostgreSQL prepare its log. With
 * `profileFolder` each service writes a CPU profile to a folder of its name there.
 */
export async function startBenchPlatform(profileFolder?: string): Promise<BenchTarget> {
  const directory = mkdtempSync(join(tmpdir(), 'trancendos-bench-'));
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  const platform = await startPlatform({ directory, report, profileFolder, environment: { LOG_LEVEL: 'warn', LOG_FORMAT: 'json' } });
  await prepareWal(platform.databaseUrl);
  return {
    apiUrl: platform.api,
    apiKey: platform.apiKey,
    metrics: platform.metrics,
    databaseUrl: platform.databaseUrl,
    stop: async () => {
      await platform.stop();
      await wipeDirectory(directory);
    },
  };
}
