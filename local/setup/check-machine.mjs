import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SetupError } from './run-step.mjs';

const NODE_MIN = 20;
const JAVA_MIN = 17;
const INSTEAD = 'or start the servers with `docker compose -f docker/compose.yaml up -d` and set their addresses as .env.example shows';

/** What a run has to bring up itself, because no address was given for it. */
export function neededServers(environment = process.env, prefix = '') {
  const given = (name) => Boolean(environment[`${prefix}${name}`]);
  return { kafka: !given('KAFKA_BROKERS'), postgres: !given('DATABASE_URL'), redis: !given('REDIS_URL') };
}

/** Throws `SetupError` on a machine that can run nothing of this. */
export function checkNode() {
  if (process.platform === 'win32') throw new SetupError('Windows itself is not supported: run this in WSL.');
  const major = Number(process.versions.node.split('.')[0]);
  if (major < NODE_MIN)
    throw new SetupError(`Node ${NODE_MIN} or newer is needed, this is ${process.version}: see https://nodejs.org/en/download`);
}

/** Throws `SetupError` naming the Java runtime (for what) or Maven that is missing, with a way to get it and the alternative. */
export function checkJava({ javaFor, maven }) {
  const missing = [];
  if (javaFor) {
    const major = javaMajor();
    if (major === undefined) missing.push(`a Java runtime, version ${JAVA_MIN} or newer (${javaFor} runs on it)`);
    else if (major < JAVA_MIN) missing.push(`a Java runtime of version ${JAVA_MIN} or newer (${javaFor} runs on it; found ${major})`);
  }
  if (maven && !isInstalled('mvn')) missing.push('Maven (it fetches the servers)');
  if (missing.length > 0) throw new SetupError(`Missing: ${missing.join(' and ')}. ${howToGet()}, ${INSTEAD}.`);
}

/** The major version of the Java that would be used. */
export function javaMajor(environment = process.env) {
  const java = environment.JAVA_HOME ? join(environment.JAVA_HOME, 'bin', 'java') : 'java';
  const { status, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  return status === 0 ? readJavaMajor(stderr) : undefined;
}

/** `17.0.15` is 17, `1.8.0_412` is 8. */
export function readJavaMajor(text) {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (first === undefined) return undefined;
  return Number(first === '1' ? second : first);
}

/** Whether a program is found in PATH. */
export function isInstalled(program) {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function howToGet() {
  if (isInstalled('apt-get')) return 'Get it with `apt-get install openjdk-17-jdk-headless maven`';
  if (isInstalled('dnf')) return 'Get it with `dnf install java-17-openjdk-headless maven`';
  if (isInstalled('brew')) return 'Get it with `brew install openjdk maven`';
  return 'Get them from https://adoptium.net and https://maven.apache.org';
}
