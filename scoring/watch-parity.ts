import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { BeliefParameters } from '@trancendos/models/features/describe-beliefs';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import { packageRoot } from '@trancendos/platform/package-root';
import type { Resource } from '@trancendos/platform/run';
import type { ParityReport } from './check-parity.ts';

export interface ParityWatchOptions {
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  readonly group: string;
  readonly beliefs: BeliefParameters | null;
  readonly everyMs: number;
  readonly log: Logger;
}

/** A replay that takes longer than this is given up: the next one has a younger snapshot. */
const GIVE_UP_MS = 120_000;

/**
 * Checks from time to time that a replay of the log gives the features that were decided on, in a process of its own with the lowest priority,
 * and says so in `trx_feature_parity_ratio`.
 */
export class ParityWatch implements Resource {
  readonly #options: ParityWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #child: ChildProcess | undefined;
  #last: (ParityReport & { readonly at: string }) | null = null;

  constructor(options: ParityWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.check(), options.everyMs).unref();
  }

  /** The newest report. */
  get last(): (ParityReport & { readonly at: string }) | null {
    return this.#last;
  }

  /** Checks now, unless that is under way. Undefined where no report came of it. */
  async check(): Promise<ParityReport | undefined> {
    if (this.#child) return undefined;
    const { log } = this.#options;
    const report = await this.#ask();
    if (!report) {
      log.warn('features could not be compared with a replay of the log');
      return undefined;
    }
    this.#last = { ...report, at: new Date().toISOString() };
    metrics.featureParityChecked.inc(report.compared);
    if (report.compared > 0) metrics.featureParity.set(report.equal / report.compared);
    const { compared, equal, mismatch } = report;
    if (mismatch)
      log.error({ compared, equal, mismatch: JSON.stringify(mismatch) }, 'a replay of the log gives other features than were decided on');
    else log.info({ compared }, 'a replay of the log gives the features that were decided on');
    return report;
  }

  stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#child?.kill('SIGKILL');
    return Promise.resolve();
  }

  #ask(): Promise<ParityReport | undefined> {
    const { brokers, databaseUrl, group, beliefs } = this.#options;
    const child = fork(join(packageRoot(import.meta.dirname), 'dist', 'parity-process.js'), { execArgv: ['--enable-source-maps'] });
    this.#child = child;
    return new Promise((resolve) => {
      let report: ParityReport | undefined;
      const timer = setTimeout(() => child.kill('SIGKILL'), GIVE_UP_MS).unref();
      child.once('message', (message) => (report = message as ParityReport));
      child.once('exit', () => {
        clearTimeout(timer);
        this.#child = undefined;
        resolve(report);
      });
      child.send({ brokers, databaseUrl, group, beliefs });
    });
  }
}
