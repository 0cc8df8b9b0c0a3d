import { build, type Histogram } from 'hdr-histogram-js';
import type { Engine } from './engine.ts';
import type { CpuMeter } from './read-cpu.ts';
import type { Workload, WorkloadCommand } from './workload.ts';

export interface EngineRun {
  readonly engine: Engine;
  readonly workload: Workload;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Undefined where the processor time of the server cannot be read. */
  readonly serverCpu: CpuMeter | undefined;
  /** The position in the stream to begin at. */
  readonly from: number;
  readonly onSecond?: (elapsedSeconds: number, transfersPerSecond: number) => void;
}

/** What a run showed. */
export interface EngineReport {
  readonly engine: string;
  readonly about: string;
  readonly workload: string;
  readonly batch: number;
  readonly concurrency: number;
  readonly seconds: number;
  readonly transfers: number;
  readonly refused: number;
  readonly transfersPerSecond: number;
  /** Milliseconds from handing a call over to its answer, which is when it is durable. */
  readonly batchLatencyMs: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly p999: number;
    readonly max: number;
  };
  /** Microseconds of processor time for each transfer: of this process without making the workload, and of every process of the server. */
  readonly cpuMicrosPerTransfer: { readonly node: number; readonly postgres: number | null; readonly workload: number };
  /** What the tables and indexes have grown by for each transfer of the run, warm-up included. */
  readonly bytesPerTransfer: number;
  readonly invariantsOk: boolean;
  readonly violations: readonly string[];
}

/** Asks the engine as fast as it answers (closed loop), first unmeasured, then measured, and looks at the end whether its books are right. */
export async function measureEngine(run: EngineRun): Promise<{ report: EngineReport; next: number }> {
  const { engine } = run;
  const loop = new ClosedLoop(run);
  const bytesBefore = await engine.storedBytes();
  await loop.runFor(run.warmUpSeconds);
  const warmUp = loop.takeTally();
  const measured = await loop.runFor(run.seconds, run.onSecond);
  const tally = loop.takeTally();
  const bytes = (await engine.storedBytes()) - bytesBefore;
  const violations = await engine.check();
  const each = (micros: number) => round(micros / Math.max(1, tally.transfers), 2);
  const report: EngineReport = {
    engine: engine.name,
    about: engine.about,
    workload: run.workload.name,
    batch: engine.batch,
    concurrency: engine.concurrency,
    seconds: round(measured.seconds, 2),
    transfers: tally.transfers,
    refused: tally.refused,
    transfersPerSecond: Math.round(tally.transfers / measured.seconds),
    batchLatencyMs: percentiles(tally.latency),
    cpuMicrosPerTransfer: {
      node: each(measured.nodeMicros - tally.workloadMicros),
      postgres: measured.serverMicros === undefined ? null : each(measured.serverMicros),
      workload: each(tally.workloadMicros),
    },
    bytesPerTransfer: Math.round(bytes / Math.max(1, tally.transfers + warmUp.transfers)),
    invariantsOk: violations.length === 0,
    violations,
  };
  return { report, next: loop.position };
}

interface Tally {
  transfers: number;
  refused: number;
  workloadMicros: number;
  readonly latency: Histogram;
}

class ClosedLoop {
  readonly #run: EngineRun;
  position: number;
  #tally = newTally();

  constructor(run: EngineRun) {
    this.#run = run;
    this.position = run.from;
  }

  takeTally(): Tally {
    const tally = this.#tally;
    this.#tally = newTally();
    return tally;
  }

  /** As many callers as the engine wants calls under way, until the time is over and the last call is answered. */
  async runFor(seconds: number, onSecond?: EngineRun['onSecond']): Promise<{ seconds: number; nodeMicros: number; serverMicros?: number }> {
    const { engine, serverCpu } = this.#run;
    const startMs = performance.now();
    const serverBefore = serverCpu?.();
    const cpuBefore = process.cpuUsage();
    let nextSecond = 1;
    const call = async () => {
      while (performance.now() - startMs < seconds * 1000) {
        await this.#call(engine);
        const elapsed = (performance.now() - startMs) / 1000;
        if (elapsed < nextSecond) continue;
        nextSecond = Math.floor(elapsed) + 1;
        onSecond?.(Math.floor(elapsed), Math.round(this.#tally.transfers / elapsed));
      }
    };
    await Promise.all(Array.from({ length: engine.concurrency }, call));
    const elapsed = (performance.now() - startMs) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const spent = { seconds: elapsed, nodeMicros: user + system };
    return serverCpu && serverBefore !== undefined ? { ...spent, serverMicros: serverCpu() - serverBefore } : spent;
  }

  async #call(engine: Engine): Promise<void> {
    const commands = this.#nextCommands(engine.batch);
    const askedMs = performance.now();
    const { transfers, refused } = await engine.post(commands);
    this.#tally.latency.recordValue(Math.max(1, Math.round((performance.now() - askedMs) * 1000)));
    this.#tally.transfers += transfers;
    this.#tally.refused += refused;
  }

  #nextCommands(count: number): WorkloadCommand[] {
    const begunMs = performance.now();
    const commands: WorkloadCommand[] = [];
    while (commands.length < count) {
      const command = this.#run.workload.commandAt(this.position++);
      if (command) commands.push(command);
    }
    this.#tally.workloadMicros += (performance.now() - begunMs) * 1000;
    return commands;
  }
}

function newTally(): Tally {
  const latency = build({ lowestDiscernibleValue: 1, highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3 });
  return { transfers: 0, refused: 0, workloadMicros: 0, latency };
}

export function percentiles(histogram: Histogram): EngineReport['batchLatencyMs'] {
  const at = (percentile: number) => round(histogram.getValueAtPercentile(percentile) / 1000, 2);
  return { p50: at(50), p95: at(95), p99: at(99), p999: at(99.9), max: at(100) };
}

export function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
