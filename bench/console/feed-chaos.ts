import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPort } from '@trancendos/local/find-port';
import { startServers } from '@trancendos/local/start-servers';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { Command } from 'commander';
import { runFeedChaos } from './run-feed-chaos.ts';

const options = new Command('feed:chaos')
  .description('Kills gateways and breaks connections under load, and tells what the consoles have lost, got twice, or declared as a gap.')
  .option('--clients <n>', 'consoles', '20')
  .option('--rate <n>', 'outcomes a second', '2000')
  .option('--seconds <n>', 'how long', '60')
  .option('--out <file>', 'also write the figures as JSON')
  .parse()
  .opts<{ clients: string; rate: string; seconds: string; out?: string }>();

const directory = mkdtempSync(join(tmpdir(), 'trancendos-chaos-'));
const servers = await startServers({ directory, report: (line) => void process.stderr.write(`${line}\n`) });
try {
  const figures = await runFeedChaos({
    kafkaBrokers: servers.kafkaBrokers,
    redisUrl: servers.redisUrl,
    databaseUrl: servers.databaseUrl,
    ports: [await findPort(), await findPort(), await findPort(), await findPort()],
    clients: Number(options.clients),
    perSecond: Number(options.rate),
    seconds: Number(options.seconds),
    killEveryMs: 5_000,
    breakEveryMs: 300,
  });
  const { stories, ...counts } = figures;
  for (const story of stories) process.stderr.write(`${story}\n`);
  for (const [name, value] of Object.entries(counts)) process.stdout.write(`${name.padEnd(14)}${String(value).padStart(10)}\n`);
  if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(figures, null, 2)}\n`);
  const { lost, duplicated, disordered, gaps, foreign } = figures;
  process.exitCode = lost + duplicated + disordered + gaps + foreign === 0 ? 0 : 1;
} finally {
  await servers.stop();
  await wipeDirectory(directory);
}
