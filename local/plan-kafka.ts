import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { classArchive } from './class-archive.ts';
import { probeKafka } from './probe-servers.ts';
import { StartError } from './start-error.ts';
import { tellError } from './tell-error.ts';
import type { ProcessPlan } from './supervise.ts';

export interface KafkaOptions {
  /** The data directory of the run; the broker lives in its `kafka` folder. */
  readonly directory: string;
  /** The folder with the broker's jars. */
  readonly jars: string;
  readonly port: number;
  readonly controllerPort: number;
  /** The home of a JDK or JRE, 17 or newer; without it `java` is looked up in PATH. */
  readonly javaHome?: string | undefined;
  /** Less memory and faster warm-up instead of throughput. */
  readonly small?: boolean | undefined;
}

const ROOMY_JVM = [
  // A request leaves hardly anything behind, so new objects get most of the room: a third as many collections as with G1. They stop everything
  // for as long with one thread as with two, which wait for each other where processors are few.
  ...['-Xms512m', '-Xmx512m', '-Xmn360m', '-XX:+UseSerialGC'],
  // Its compiler works for minutes, a tenth of a second at a time, for nobody who waits: the niceness of its threads, and the policy that has
  // the JVM set it. Whoever is not root is warned, because only root may raise one; lowering works.
  ...['-XX:ThreadPriorityPolicy=1', '-XX:CompilerThreadPriority=19'],
];
const SMALL_JVM = ['-Xms192m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/**
 * One Apache Kafka broker that is its own controller (KRaft). The storage is formatted once; a later start reuses it.
 * Throws `StartError` when there are no jars or the storage cannot be formatted.
 */
export async function planKafka(options: KafkaOptions): Promise<ProcessPlan> {
  const folder = join(options.directory, 'kafka');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'log4j2.properties'), LOG_SETTINGS);
  writeFileSync(join(folder, 'server.properties'), serverProperties(options, join(folder, 'data')));
  const java = options.javaHome === undefined ? 'java' : join(options.javaHome, 'bin', 'java');
  const classPath = jarsIn(options.jars).join(':');
  const jvm = options.small ? SMALL_JVM : ROOMY_JVM;
  if (!existsSync(join(folder, 'data'))) await formatStorage(java, [...SMALL_JVM, '-Xshare:auto', '-cp', classPath], options);
  const archive = classArchive(options.jars, java, jvm);
  const logging = `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`;
  return {
    name: 'kafka',
    command: java,
    args: [...jvm, ...archive.jvm, logging, '-cp', classPath, 'kafka.Kafka', join(folder, 'server.properties')],
    probe: () => probeKafka(`127.0.0.1:${options.port}`),
    readyWithinMs: 60_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 20_000,
    onOrderlyEnd: archive.keep,
  };
}

/** Formats beside the final place, so that storage which is there is whole. */
async function formatStorage(java: string, args: readonly string[], options: KafkaOptions): Promise<void> {
  const folder = join(options.directory, 'kafka');
  const unfinished = join(folder, 'data.new');
  rmSync(unfinished, { recursive: true, force: true });
  const settings = join(folder, 'format.properties');
  writeFileSync(settings, serverProperties(options, unfinished));
  // 16 bytes as Kafka writes them; one that begins with a hyphen would be read as an option.
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`;
  try {
    await promisify(execFile)(java, [...args, 'kafka.tools.StorageTool', 'format', '--cluster-id', clusterId, '--config', settings]);
  } catch (error) {
    throw new StartError(`Kafka's storage cannot be formatted: ${tellError(error)}`);
  }
  renameSync(unfinished, join(folder, 'data'));
}

/** Sorted, because a class archive fits one order of the class path only. */
function jarsIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jar')) : [];
  if (!names.some((name) => name.startsWith('kafka_')))
    throw new StartError(
      `the broker's jars are not in ${folder}: run \`npm start\` or \`npm test\`, which fetch them, or set KAFKA_BROKERS`,
    );
  return names.sort().map((name) => join(folder, name));
}

const serverProperties = ({ port, controllerPort }: KafkaOptions, data: string) => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=${data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
# As long as the longest kept topic: a machine that was off for a month goes on where it stopped.
offsets.retention.minutes=86400
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=2
background.threads=2
num.recovery.threads.per.data.dir=1
log.cleaner.dedupe.buffer.size=10485760
metadata.max.idle.interval.ms=5000
`;

const LOG_SETTINGS = `status = error
appender.out.type = Console
appender.out.name = OUT
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %c{1} - %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = OUT
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = info
`;
