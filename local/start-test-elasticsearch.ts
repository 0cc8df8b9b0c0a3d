import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '@trancendos/platform/config';
import type { Resource } from '@trancendos/platform/run';
import { z } from 'zod';
import { claimDirectory } from './claim-directory.ts';
import { REPOSITORY } from './config.ts';
import { ELASTICSEARCH_FOLDER } from './elasticsearch-folder.ts';
import { findPort } from './find-port.ts';
import { planElasticsearch } from './plan-elasticsearch.ts';
import { Supervised } from './supervise.ts';
import { wipeDirectory } from './wipe-directory.ts';

/** A real Elasticsearch of a test's own. */
export interface TestElasticsearch extends Resource {
  readonly url: string;
  /** Stops it, with its data kept. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

const TestConfig = z.object({ CI: z.string().optional(), JAVA_HOME: z.string().optional() });

/**
 * Starts Elasticsearch with data of its own. Where the distribution could not be fetched it says so and gives nothing; in CI it throws
 * instead, so that nothing is skipped there.
 */
export async function startTestElasticsearch(): Promise<TestElasticsearch | undefined> {
  const { CI, JAVA_HOME: javaHome } = loadConfig(TestConfig);
  if (!existsSync(ELASTICSEARCH_FOLDER)) {
    const reason = `there is no Elasticsearch in ${ELASTICSEARCH_FOLDER}, so what needs one is not tested`;
    if (CI === 'true') throw new Error(reason);
    process.stderr.write(`${reason}\n`);
    return undefined;
  }
  const parent = join(REPOSITORY, '.local');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'test-'));
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  const directory = await claimDirectory(folder, () => undefined);
  const port = await findPort();
  const plan = planElasticsearch({ directory: folder, distribution: ELASTICSEARCH_FOLDER, port, javaHome, report });
  const server = new Supervised(plan, { directory, report, onGiveUp: (error) => report(error.message) });
  await server.start();
  return {
    url: `http://127.0.0.1:${port}`,
    pause: () => server.stop(),
    resume: () => server.start(),
    stop: async () => {
      await server.stop();
      directory.release();
      await wipeDirectory(folder);
    },
  };
}
