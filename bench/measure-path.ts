import { build, type Histogram } from 'hdr-histogram-js';
import { loadavg } from 'node:os';
import { request, type Client, type Dispatcher } from 'undici';
import { z } from 'zod';
import { toInstant } from '@trancendos/platform/clock';
import { IdleConnections } from './idle-connections.ts';

/** One open-loop run against the merchant API. */
export interface PathRun {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Addresses of the services' metrics by their names, to read the processor time that they take. */
  readonly metrics: Readonly<Record<string, string>>;
  /** Requests begun each second, whatever becomes of the earlier ones. */
  readonly rate: number;
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
  readonly requests: number;
  readonly totalMs: Percentiles;
  readonly stagesMs: Record<string, Percentiles>;
  /** Answers by action, or by HTTP status where they were none. */
  readonly answers: Record<string, number>;
  readonly errors: number;
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
const SUBJECTS = 5_000;

const Answer = z.object({ status: z.string(), action: z.string().nullable(), timings_ms: z.record(z.string(), z.number()) });

/** Sends payments at a fixed rate for the warm-up and the measured time, waits for the last answers, and reports on the measured part. */
export async function measurePath(run: PathRun): Promise<PathReport> {
  const tally = new Tally();
  const connections = new IdleConnections(run.apiUrl, connectionsFor(run.rate));
  await connections.open(connectionsFor(run.rate));
  const startMs = performance.now();
  const measuredFromMs = startMs + run.warmUpSeconds * 1000;
  const total = Math.round(run.rate * (run.warmUpSeconds + run.seconds));
  const inFlight = new Set<Promise<void>>();
  const mark = Date.now().toString(36);
  let begun = 0;
  let nextSecond = 1;
  let cpuBefore: Promise<Record<string, number>> | undefined;
  while (begun < total) {
    const now = performance.now();
    if (now >= measuredFromMs) cpuBefore ??= readCpuSeconds(run.metrics);
    const due = Math.min(total, Math.floor(((now - startMs) / 1000) * run.rate) + 1);
    for (; begun < due; begun++) {
      const dueMs = startMs + (begun / run.rate) * 1000;
      const asked = ask(connections, run.apiKey, `bench-${mark}-${begun}`).then(
        (answer) => tally.note(dueMs >= measuredFromMs, performance.now() - dueMs, answer),
        () => tally.noteError(dueMs >= measuredFromMs),
      );
      if (dueMs >= measuredFromMs && now - dueMs > LATE_MS) tally.lateStarts++;
      inFlight.add(asked);
      void asked.finally(() => inFlight.delete(asked));
    }
    if (now - startMs > nextSecond * 1000) run.onSecond?.(nextSecond++, tally.requests);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(inFlight);
  const measuredSeconds = (performance.now() - measuredFromMs) / 1000;
  const cpuAfter = await readCpuSeconds(run.metrics);
  await connections.close();
  const report = tally.report(run, measuredSeconds);
  return { ...report, cpuMicrosPerRequest: cpuMicrosOf((await cpuBefore) ?? {}, cpuAfter, report.requests) };
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

async function ask(connections: IdleConnections, apiKey: string, id: string): Promise<z.infer<typeof Answer> | { httpStatus: number }> {
  const subject = Math.floor(Math.random() * SUBJECTS);
  const body = JSON.stringify({
    transaction_id: id,
    occurred_at: toInstant(Date.now()),
    amount_minor: 100 + Math.floor(Math.random() * 9_900),
    currency: 'EUR',
    payer: { account_id: `BENCH-${subject}` },
    terminal_id: `BT-${subject % 500}`,
  });
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': id };
  const client = await connections.take();
  const exchanged = exchange(client, { method: 'POST', path: '/v1/transactions', headers, body });
  const { httpStatus, text } = await exchanged.finally(() => connections.giveBack(client));
  const answer: unknown = JSON.parse(text);
  return httpStatus === 200 || httpStatus === 202 ? Answer.parse(answer) : { httpStatus };
}

/** By the client's own callbacks: its bodies as streams take more of the machine that is measured. */
function exchange(client: Client, request: Dispatcher.DispatchOptions): Promise<{ httpStatus: number; text: string }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let httpStatus = 0;
    client.dispatch(request, {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, statusCode) => void (httpStatus = statusCode),
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd: () => resolve({ httpStatus, text: Buffer.concat(chunks).toString() }),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}

class Tally {
  requests = 0;
  errors = 0;
  pending = 0;
  lateStarts = 0;
  readonly #total = microseconds();
  readonly #stages = new Map<string, Histogram>();
  readonly #answers: Record<string, number> = {};

  note(measured: boolean, latencyMs: number, answer: z.infer<typeof Answer> | { httpStatus: number }): void {
    if (!measured) return;
    this.requests++;
    this.#total.recordValue(Math.max(1, Math.round(latencyMs * 1000)));
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

  noteError(measured: boolean): void {
    if (measured) this.errors++;
  }

  report(run: PathRun, measuredSeconds: number): Omit<PathReport, 'cpuMicrosPerRequest'> {
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
