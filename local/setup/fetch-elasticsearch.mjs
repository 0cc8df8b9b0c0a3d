import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkJava } from './check-machine.mjs';
import { inRoot, root } from './paths.mjs';
import { runStep } from './run-step.mjs';

const POM = inRoot('local', 'elasticsearch-pom.xml');
const VERSION = /<artifactId>elasticsearch<\/artifactId>\s*<version>([^<]+)</.exec(readFileSync(POM, 'utf8'))[1];

/** Where the distribution lies when it has been fetched. The folder carries the version. */
export const ELASTICSEARCH = inRoot('.local', `elasticsearch-${VERSION}`);

/**
 * Makes sure that Elasticsearch is there, fetched by Maven once for each version. It appears whole: it is unpacked beside its place first.
 * Throws `SetupError` where Java or Maven are missing or the fetch fails.
 */
export async function fetchElasticsearch() {
  if (existsSync(ELASTICSEARCH)) return;
  checkJava({ javaFor: 'Elasticsearch', maven: true });
  const unfinished = `${ELASTICSEARCH}.new-${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    const goal = ['dependency:unpack-dependencies', '-DincludeTypes=zip', `-DoutputDirectory=${unfinished}`];
    const stamps = `-DmarkersDirectory=${join(unfinished, '.markers')}`;
    await runStep('Fetching Elasticsearch', 'mvn', ['-q', '-B', '-f', POM, ...goal, stamps], { cwd: root });
    const unpacked = join(unfinished, `elasticsearch-${VERSION}`);
    for (const program of readdirSync(join(unpacked, 'bin'))) chmodSync(join(unpacked, 'bin', program), 0o755);
    if (!existsSync(ELASTICSEARCH)) renameSync(unpacked, ELASTICSEARCH);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
