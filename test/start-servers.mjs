import { join } from 'node:path';

const LOCAL = join(import.meta.dirname, '..', '.local');

/**
 * Starts the servers that integration and end-to-end tests use, a set for every worker of Jest, so that no two suites that run at a time share
 * one; where TEST_* addresses are given, those. Two Jest projects name this file; the second call finds the servers running.
 */
export default async function startTestServers({ maxWorkers }) {
  globalThis.testServers ??= startSets(maxWorkers);
  await globalThis.testServers;
}

async function startSets(count) {
  const { TEST_KAFKA_BROKERS: kafkaBrokers, TEST_DATABASE_URL: databaseUrl, TEST_REDIS_URL: redisUrl } = process.env;
  if (kafkaBrokers && databaseUrl && redisUrl) return { stop: async () => undefined };
  const { wipeAbandoned } = await import('../local/dist/wipe-directory.js');
  await wipeAbandoned(LOCAL, 'test-');
  const given = { kafkaBrokers: kafkaBrokers || undefined, databaseUrl: databaseUrl || undefined, redisUrl: redisUrl || undefined };
  const sets = await Promise.all(Array.from({ length: count }, (_, index) => startSet(index + 1, given)));
  process.env.TEST_SERVER_SETS = JSON.stringify(sets.map(({ addresses }) => addresses));
  return { stop: async () => void (await Promise.all(sets.map((set) => set.stop()))) };
}

async function startSet(number, given) {
  const { startServers } = await import('../local/dist/start-servers.js');
  const { wipeDirectory } = await import('../local/dist/wipe-directory.js');
  const directory = join(LOCAL, `test-${process.pid}-${number}`);
  const say = (line) => process.stderr.write(`test servers ${number}: ${line}\n`);
  const servers = await startServers({ directory, given, small: true, report: say, onGiveUp: (error) => say(error.message) });
  return {
    addresses: {
      TEST_KAFKA_BROKERS: servers.kafkaBrokers,
      TEST_DATABASE_URL: servers.databaseUrl,
      TEST_REDIS_URL: servers.redisUrl,
    },
    stop: async () => {
      await servers.stop();
      await wipeDirectory(directory);
    },
  };
}
