import { startPlatform, type RunningPlatform } from '@trancendos/local/start-platform';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './read-sources.ts';

/** A whole platform of its own: servers, services, ports and data that no other test shares. */
export interface TestPlatform extends Omit<RunningPlatform, 'stop'> {
  readonly directory: string;
  /** What the supervision has said since the start: every death of a process, and why it starts it again. */
  readonly reports: readonly string[];
  /** Stops it and wipes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a platform without traffic. `environment` is given to every service, above what is settled for it. With a `small` broker, unless what
 * is measured is how fast it is.
 */
export async function startTestPlatform(environment: Record<string, string> = {}, { small = true } = {}): Promise<TestPlatform> {
  const parent = join(repositoryRoot, '.local');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'test-'));
  const reports: string[] = [];
  const platform = await startPlatform({
    directory,
    small,
    environment: { LOG_LEVEL: 'warn', LOG_FORMAT: 'json', ...environment },
    report: (line) => reports.push(line),
  });
  return {
    ...platform,
    directory,
    reports,
    stop: async () => {
      await platform.stop();
      await wipeDirectory(directory);
    },
  };
}
