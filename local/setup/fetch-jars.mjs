import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkJava, isInstalled } from './check-machine.mjs';
import { inRoot, root } from './paths.mjs';
import { runStep } from './run-step.mjs';
import { readZipEntry } from './read-zip.mjs';

const POM = inRoot('local', 'pom.xml');
const JARS = inRoot('.local', 'jars');

/**
 * Makes sure that the programs of the needed servers are there: Kafka's jars and a Redis, fetched by Maven once and anew when pom.xml
 * changes. They appear whole: a fetch goes to a folder of its own, which takes the place of the old one at the end.
 */
export async function fetchJars(needed) {
  const fromMaven = needed.kafka || (needed.redis && !isInstalled('redis-server'));
  const stale = fromMaven && !isFetched();
  checkJava({ javaFor: needed.kafka ? 'Kafka' : stale ? 'Maven' : undefined, maven: stale });
  if (!stale) return;
  const unfinished = `${JARS}.new-${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${unfinished}`];
    await runStep('Fetching Kafka and Redis', 'mvn', ['-q', '-B', '-f', POM, ...goal], { cwd: root });
    unpackRedis(unfinished);
    writeFileSync(join(unfinished, '.fetched-from'), pomHash());
    rmSync(JARS, { recursive: true, force: true });
    renameSync(unfinished, JARS);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

const pomHash = () => createHash('sha256').update(readFileSync(POM)).update(`${process.platform}-${process.arch}`).digest('hex');

function isFetched() {
  const stamp = join(JARS, '.fetched-from');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === pomHash();
}

/** The jar carries a program for each kind of machine. Where there is none for this one, a `redis-server` in PATH has to do. */
function unpackRedis(folder) {
  const jar = readdirSync(folder).find((name) => name.startsWith('embedded-redis-'));
  const machine = process.arch === 'x64' ? 'amd64' : process.arch;
  const program = jar && readZipEntry(readFileSync(join(folder, jar)), new RegExp(`^redis-server-[^/]*-${process.platform}-${machine}$`));
  if (program) writeFileSync(join(folder, 'redis-server'), program, { mode: 0o755 });
}
