import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { probeElasticsearch } from './probe-servers.ts';
import { StartError } from './start-error.ts';
import type { ProcessPlan } from './supervise.ts';
import { canEnter, findSystemUser, homeOf, makeReachableBase, REACHABLE_BASE, type SystemUser } from './system-user.ts';

export interface ElasticsearchOptions {
  /** The data directory of the run; Elasticsearch lives in its `elasticsearch` folder. */
  readonly directory: string;
  /** The unpacked distribution. */
  readonly distribution: string;
  readonly port: number;
  /** The home of a JDK or JRE, 17 or newer; without it that of the `java` in PATH. */
  readonly javaHome?: string | undefined;
  readonly report: (line: string) => void;
}

const USER = 'elasticsearch';
/** Enough for the logs of one machine, and not more than it can spare. */
const JVM = ['-Xms512m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'];

/**
 * One Elasticsearch for the logs of this machine, on 127.0.0.1 and without security. Where the caller is root it runs as another system
 * user, because Elasticsearch refuses root. Throws `StartError` when there is no distribution, no Java or no user.
 */
export function planElasticsearch(options: ElasticsearchOptions): ProcessPlan {
  const { directory, port, report } = options;
  const folder = join(directory, 'elasticsearch');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(options.distribution, 'bin', 'elasticsearch'))) {
    throw new StartError(
      `Elasticsearch is not in ${options.distribution}: run \`npm start -- --observe\`, which fetches it, or set ELASTICSEARCH_URL`,
    );
  }
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? findSystemUser(USER, { server: 'Elasticsearch', instead: 'ELASTICSEARCH_URL', report }) : undefined;
  const home = user ? homeOf(folder, user) : folder;
  writeSettings(home, port, user);
  return {
    name: 'elasticsearch',
    command: join(user ? reachable(options.distribution, user, report) : options.distribution, 'bin', 'elasticsearch'),
    args: [],
    environment: {
      ES_JAVA_HOME: options.javaHome ?? javaHomeInPath(),
      ES_PATH_CONF: join(home, 'config'),
      ES_TMPDIR: join(home, 'tmp'),
      ES_JAVA_OPTS: undefined,
      JAVA_HOME: undefined,
    },
    ...(user && { user }),
    niceness: 10,
    probe: () => probeElasticsearch(`http://127.0.0.1:${port}`),
    readyWithinMs: 300_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 20_000,
  };
}

function writeSettings(home: string, port: number, user: SystemUser | undefined): void {
  const files: Record<string, string> = {
    'elasticsearch.yml': settings(home, port),
    'jvm.options': [...JVM, '-Djava.io.tmpdir=${ES_TMPDIR}', ''].join('\n'),
    'log4j2.properties': LOG_SETTINGS,
  };
  for (const name of ['config', 'data', 'logs', 'tmp']) {
    mkdirSync(join(home, name), { recursive: true });
    if (user) chownSync(join(home, name), user.uid, user.gid);
  }
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, 'config', name);
    writeFileSync(path, text);
    if (user) chownSync(path, user.uid, user.gid);
  }
}

/** `distribution`, or a copy of it that `user` can reach. It is copied beside its final place, so that a copy which is there is whole. */
function reachable(distribution: string, user: SystemUser, report: (line: string) => void): string {
  if (canEnter(join(distribution, 'lib'), user, '-r')) return distribution;
  const copy = join(REACHABLE_BASE, basename(distribution));
  if (existsSync(copy)) return copy;
  report(`copying Elasticsearch to ${copy}, where the user ${USER} can reach it`);
  makeReachableBase();
  const unfinished = `${copy}.${process.pid}`;
  cpSync(distribution, unfinished, { recursive: true });
  execFileSync('chmod', ['-R', 'a+rX', unfinished]);
  if (existsSync(copy)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, copy);
  return copy;
}

function javaHomeInPath(): string {
  try {
    const script = 'java -XshowSettings:properties -version 2>&1';
    const found = /java\.home = (.+)/.exec(execFileSync('sh', ['-c', script], { encoding: 'utf8' }));
    if (found?.[1]) return found[1].trim();
  } catch {
    // Told below.
  }
  throw new StartError('Elasticsearch runs on Java 17 or newer, and there is no `java` in PATH: install one, or set JAVA_HOME');
}

/** It is one machine's, and may be nearly full: that is no reason to take no logs. */
const settings = (home: string, port: number) => `cluster.name: trancendos-local
node.name: local
discovery.type: single-node
network.host: 127.0.0.1
http.port: ${port}
transport.port: 0
path.data: ${join(home, 'data')}
path.logs: ${join(home, 'logs')}
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
`;

const LOG_SETTINGS = `status = error
appender.out.type = Console
appender.out.name = OUT
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %c{1} - %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = OUT
`;
