import { build, type Histogram } from 'hdr-histogram-js';
import { loadavg } from 'node:os';
import { request } from 'undici';
import { askPayments, type PaymentAnswer } from './ask-payments.ts';
import { countEffects, type Effects } from './count-effects.ts';
import { IdleConnections } from './idle-connections.ts';

/** One open-loop run against the merchant API. */
export interface PathRun {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Addresses of the services' metrics by their names, to read the processor time that they take. */
  readonly metrics: Readonly<Record<string, string>>;
  /** The platform's own, to count what was lost or doubled there; where it is left out nobody counts. */
  readonly databaseUrl?: string;
  /** Payments sent each second, whatever becomes of the earlier ones. */
  readonly rate: number;
  /** How many go as lines of one bulk request; where it is left out each is a request of its own. */
  readonly bulkLines?: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly onSecond?: (elapsedSeconds: number, answered: number) => void;
}

/** Milliseconds at percentiles of a histogram. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What a run showed. Latency counts from the moment a request was due, so a stall of the generator or the server is not hidden. */
export interface PathReport {
  readonly offeredRate: number;
  readonly achievedRate: number;
  readonly seconds: number;
  /** Payments asked for. */
  readonly requests: number;
  readonly totalMs: Percentiles;
  readonly stagesMs: Record<string, Percentiles>;
  /** Answers by action, or by HTTP status where they were none. */
  readonly answers: Record<string, number>;
  readonly errors: number;
  /** Of all that were accepted, the warm-up too; null where the ledger was not looked into. */
  readonly lost: number | null;
  readonly duplicated: number | null;
  /** Accepted and not decided within the service's own time limit. */
  readonly pending: number;
  /** Requests that began more than 5 ms after they were due. */
  readonly lateStarts: number;
  readonly loadAverage: number;
  /** Processor time of each service over the measured part, by answers. */
  readonly cpuMicrosPerRequest: Record<string, number>;
}

/** More than rate times latency, or the open loop is none; an answer takes two seconds at most. */
const connectionsFor = (rate: number) => Math.min(4_096, Math.max(256, rate * 2));
const LATE_MS = 5;
/** Whose key a platform of its own gives. */
const MERCHANT_ID = 'sandbox';

/** Sends payments at a fixed rate for the warm-up and the measured time, waits for the last answers, and reports on the measured part. */
export async function measurePath(run: PathRun): Promise<PathReport> {
  const tally = new Tally();
  const { inBulk, lines, requestRate } = requestsOf(run);
  const connections = new IdleConnections(run.apiUrl, connectionsFor(requestRate));
  await connections.open(connectionsFor(requestRate));
  const asking = { connections, apiKey: run.apiKey, inBulk };
  const since = new Date();
  const startMs = performance.now();
  const measuredFromMs = startMs + run.warmUpSeconds * 1000;
  const total = Math.round(requestRate * (run.warmUpSeconds + run.seconds));
  const inFlight = new Set<Promise<void>>();
  const mark = Date.now().toString(36);
  let begun = 0;
  let nextSecond = 1;
  let cpuBefore: Promise<Record<string, number>> | undefined;
  while (begun < total) {
    const now = performance.now();
    if (now >= measuredFromMs) cpuBefore ??= readCpuSeconds(run.metrics);
    const due = Math.min(total, Math.floor(((now - startMs) / 1000) * requestRate) + 1);
    for (; begun < due; begun++) {
      const dueMs = startMs + (begun / requestRate) * 1000;
      const ids = Array.from({ length: lines }, (_, line) => `bench-${mark}-${begun * lines + line}`);
      const asked = askPayments(asking, ids).then(
        (answers) => answers.forEach((answer, line) => tally.note({ dueMs, measuredFromMs, id: ids[line] as string }, answer)),
        () => tally.noteError(dueMs >= measuredFromMs, lines),
      );
      tally.noteStart(dueMs >= measuredFromMs, now - dueMs);
      inFlight.add(asked);
      void asked.finally(() => inFlight.delete(asked));
    }
    if (now - startMs > nextSecond * 1000) run.onSecond?.(nextSecond++, tally.requests);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(inFlight);
  const measuredSeconds = (performance.now() - measuredFromMs) / 1000;
  const cpuAfter = await readCpuSeconds(run.metrics);
  connections.close();
  const report = tally.report(run, measuredSeconds);
  const cpuMicrosPerRequest = cpuMicrosOf((await cpuBefore) ?? {}, cpuAfter, report.requests);
  return { ...report, ...(await effectsOf(run, tally.accepted, since)), cpuMicrosPerRequest };
}

function requestsOf({ rate, bulkLines }: PathRun): { inBulk: boolean; lines: number; requestRate: number } {
  return { inBulk: bulkLines !== undefined, lines: bulkLines ?? 1, requestRate: rate / (bulkLines ?? 1) };
}

async function effectsOf({ databaseUrl }: PathRun, accepted: readonly string[], since: Date): Promise<Pick<PathReport, keyof Effects>> {
  if (databaseUrl === undefined) return { lost: null, duplicated: null };
  return countEffects(databaseUrl, { merchantId: MERCHANT_ID, accepted, since });
}

/** Seconds of processor time that each service has taken since it started. */
async function readCpuSeconds(metrics: PathRun['metrics']): Promise<Record<string, number>> {
  const entries = Object.entries(metrics).map(async ([name, address]) => {
    const text = await (await request(address)).body.text();
    return [name, Number(/^trx_process_cpu_seconds_total\S* (\S+)/m.exec(text)?.[1])] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function cpuMicrosOf(before: Record<string, number>, after: Record<string, number>, requests: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [name, Math.round(((seconds - (before[name] ?? NaN)) / requests) * 1e6)]),
  );
}

class Tally {
  /** Ids of all payments that were, before the measured part too. */
  readonly accepted: string[] = [];
  requests = 0;
  errors = 0;
  pending = 0;
  lateStarts = 0;
  readonly #total = microseconds();
  readonly #stages = new Map<string, Histogram>();
  readonly #answers: Record<string, number> = {};

  note({ dueMs, measuredFromMs, id }: { dueMs: number; measuredFromMs: number; id: string }, answer: PaymentAnswer): void {
    if (!('httpStatus' in answer)) this.accepted.push(id);
    if (dueMs < measuredFromMs) return;
    this.requests++;
    this.#total.recordValue(Math.max(1, Math.round((performance.now() - dueMs) * 1000)));
    const name = 'httpStatus' in answer ? String(answer.httpStatus) : (answer.action ?? answer.status);
    this.#answers[name] = (this.#answers[name] ?? 0) + 1;
    if ('httpStatus' in answer) {
      this.errors++;
      return;
    }
    if (answer.status === 'pending') this.pending++;
    for (const [stage, durationMs] of Object.entries(answer.timings_ms)) {
      let histogram = this.#stages.get(stage);
      if (!histogram) this.#stages.set(stage, (histogram = microseconds()));
      histogram.recordValue(Math.max(1, Math.round(durationMs * 1000)));
    }
  }

  noteStart(measured: boolean, lateMs: number): void {
    if (measured && lateMs > LATE_MS) this.lateStarts++;
  }

  noteError(measured: boolean, payments: number): void {
    if (measured) this.errors += payments;
  }

  report(run: PathRun, measuredSeconds: number): Omit<PathReport, 'cpuMicrosPerRequest' | keyof Effects> {
    return {
      offeredRate: run.rate,
      achievedRate: Math.round((this.requests / measuredSeconds) * 10) / 10,
      seconds: run.seconds,
      requests: this.requests,
      totalMs: percentiles(this.#total),
      stagesMs: Object.fromEntries([...this.#stages].map(([stage, histogram]) => [stage, percentiles(histogram)])),
      answers: this.#answers,
      errors: this.errors,
      pending: this.pending,
      lateStarts: this.lateStarts,
      loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    };
  }
}

function microseconds(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: 3 });
}

function percentiles(histogram: Histogram): Percentiles {
  const at = (percentile: number) => Math.round(histogram.getValueAtPercentile(percentile) / 10) / 100;
  return { p50: at(50), p95: at(95), p99: at(99), p999: at(99.9), max: at(100) };
}
