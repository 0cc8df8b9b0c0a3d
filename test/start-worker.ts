import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { request } from 'undici';
import { repositoryRoot } from './read-sources.ts';
import { waitUntil } from './wait-until.ts';
import { findPort } from '@trancendos/local/find-port';

/** A scoring worker as a process of its own. */
export interface Worker {
  /** Payments that it has decided on. */
  decided(): Promise<number>;
  /** Labels that it has read, in its replay too: folded ones, and those that have their turn yet. */
  takenLabels(): Promise<number>;
  /** Whether it follows partitions of others. */
  follows(): boolean;
  /** Payments that it decided on features which it had to read later than their turn. */
  reread(): Promise<number>;
  readonly lines: () => readonly string[];
  /** As a fault would. */
  kill(): void;
  /** In order; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts a worker and resolves when it is ready. */
export async function startWorker(environment: Record<string, string>): Promise<Worker> {
  const port = await findPort();
  const metricsPort = await findPort();
  const child = spawn(process.execPath, [join(repositoryRoot, 'scoring', 'dist', 'main.js')], {
    env: { ...environment, SCORING_PORT: String(port), SCORING_METRICS_PORT: String(metricsPort), LOG_LEVEL: 'info', LOG_FORMAT: 'json' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => lines.push(...chunk.split('\n').filter((line) => line !== '')));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const base = `http://127.0.0.1:${metricsPort}`;
  await waitUntil('the worker', async () => {
    if (child.exitCode !== null) throw new Error(`it has ended:\n${lines.join('\n')}`);
    return (await request(`${base}/ready`).catch(() => undefined))?.statusCode === 200;
  });
  const sumOf = async (metric: string, labelled = ''): Promise<number> => {
    const text = await (await request(`${base}/metrics`)).body.text();
    const values = [...text.matchAll(new RegExp(`^${metric}(?:\\{[^}]*${labelled}[^}]*\\})? (\\d+)`, 'gm'))].map((match) =>
      Number(match[1]),
    );
    return values.reduce((sum, value) => sum + value, 0);
  };
  return {
    takenLabels: async () => (await sumOf('trx_fold_total', 'topic="labels"')) + (await sumOf('trx_scoring_settling_labels')),
    decided: () => sumOf('trx_decisions_total'),
    reread: () => sumOf('trx_feature_vectors_reread_total'),
    follows: () => lines.some((line) => line.includes('other workers decide on these partitions')),
    lines: () => lines,
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
