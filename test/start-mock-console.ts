import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from './read-sources.ts';

/** The built console on a backend that is made up, as a process of its own. */
export interface MockConsole {
  readonly url: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;

/** Starts it on a free port and resolves when it answers. */
export async function startMockConsole(): Promise<MockConsole> {
  const child = spawn(process.execPath, [join(repositoryRoot, 'console', 'mock', 'serve-mock.ts'), '--built', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the mock console did not start: ${said}`)), START_TIMEOUT_MS);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the mock console ended with ${code}: ${said}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
