import { join } from 'node:path';

const LOCAL = join(import.meta.dirname, '..', '.local');

/**
 * Starts the servers that integration and end-to-end tests share, unless TEST_* addresses are given. Two Jest projects name this file;
 * the second call finds the servers running.
 */
export default async function startTestServers() {
  globalThis.testServers ??= start();
  await globalThis.testServers;
}

async function start() {
  const { TEST_KAFKA_BROKERS: kafkaBrokers, TEST_DATABASE_URL: databaseUrl, TEST_REDIS_URL: redisUrl } = process.env;
  if (kafkaBrokers && databaseUrl && redisUrl) return { stop: async () => undefined };
  const { startServers } = await import('../local/dist/start-servers.js');
  const { wipeAbandoned, wipeDirectory } = await import('../local/dist/wipe-directory.js');
  await wipeAbandoned(LOCAL, 'test-');
  const directory = join(LOCAL, `test-${process.pid}`);
  const given = { kafkaBrokers: kafkaBrokers || undefined, databaseUrl: databaseUrl || undefined, redisUrl: redisUrl || undefined };
  const say = (line) => process.stderr.write(`test servers: ${line}\n`);
  const servers = await startServers({ directory, given, small: true, report: say, onGiveUp: (error) => say(error.message) });
  Object.assign(process.env, {
    TEST_KAFKA_BROKERS: servers.kafkaBrokers,
    TEST_DATABASE_URL: servers.databaseUrl,
    TEST_REDIS_URL: servers.redisUrl,
  });
  return {
    stop: async () => {
      await servers.stop();
      await wipeDirectory(directory);
    },
  };
}
