import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

/** A port, what listens on it, and the variable that changes it. */
export interface WantedPort {
  readonly port: number;
  readonly purpose: string;
  readonly variable: string;
}

/** Below the ports that operating systems hand out to outgoing connections, which could take one while its server restarts. */
const FREE_PORTS = { first: 20_000, last: 31_999 };
const ATTEMPTS_MAX = 200;
const handedOut = new Set<number>();

/** A port of 127.0.0.1 on which nothing listens; never the same one twice in a process. */
export async function findPort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const port = FREE_PORTS.first + Math.floor(Math.random() * (FREE_PORTS.last - FREE_PORTS.first + 1));
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new StartError(`no free port between ${FREE_PORTS.first} and ${FREE_PORTS.last}`);
}

/** Throws `StartError` naming every wanted port that is taken or wanted twice, with the variable that changes it. */
export async function assertPortsFree(wanted: readonly WantedPort[]): Promise<void> {
  const taken: string[] = [];
  for (const [index, { port, purpose, variable }] of wanted.entries()) {
    const twin = wanted.slice(0, index).find((other) => other.port === port);
    if (twin) taken.push(`port ${port} is wanted for ${twin.purpose} and for ${purpose}: set ${variable} to another one`);
    else if (!(await isFree(port)))
      taken.push(`port ${port} for ${purpose} is taken: end what listens on it, or set ${variable} to another one`);
  }
  if (taken.length > 0) throw new StartError(taken.join('\n'));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
