import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '@trancendos/platform/config';
import { BoundedLog } from '@trancendos/platform/bounded-log';
import type { Resource } from '@trancendos/platform/run';
import type { ClaimedDirectory } from './claim-directory.ts';
import { afterDeath, NEVER_READY_DEATHS_MAX, RESTART_POLICY, type RestartPolicy } from './restart-policy.ts';
import { StartError } from './start-error.ts';
import { tellError } from './tell-error.ts';
import { yieldProcessors } from './yield-processors.ts';

/** A process: how to start it, how to see that it can work, how to stop it. */
export interface ProcessPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Variables to set or, with `undefined`, to remove. */
  readonly environment?: Record<string, string | undefined>;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** An IPC channel, on whose loss our own services stop by themselves. */
  readonly channel?: boolean;
  /** Asks once, by the process's own protocol; throws while it cannot work. */
  readonly probe: () => Promise<unknown>;
  readonly readyWithinMs: number;
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  readonly stopWithinMs: number;
  /** How far it gives way to the others where processors are short, as of nice(1). Default 0: it does not. */
  readonly niceness?: number;
  /** The same for as long after each start but the first, while it makes up for what it has missed. */
  readonly afterRestart?: { readonly niceness: number; readonly forMs: number };
  /** How many full log files of 16 MB are kept besides the one that is written. Default 1. */
  readonly logGenerations?: number;
  /** Called when it was stopped and has ended by itself, not by SIGKILL. */
  readonly onOrderlyEnd?: () => void;
}

/** Where supervised processes live, and who hears of them. */
export interface Supervision {
  readonly directory: ClaimedDirectory;
  /** One line for a person. */
  readonly report: (line: string) => void;
  /** Output of a process, line breaks included. */
  readonly onOutput?: (name: string, chunk: Buffer) => void;
  /** A process cannot be kept alive; everything should be stopped. */
  readonly onGiveUp: (error: StartError) => void;
  /** Whether a death counts towards giving up; false while something that it needs was stopped on purpose. */
  readonly deathsCount?: () => boolean;
  readonly policy?: RestartPolicy;
  /** Aborted when the start is to be broken off: what runs is stopped, and nothing is started any more. */
  readonly signal?: AbortSignal | undefined;
}

const PROBE_EVERY_MS = 50;
const TAIL_BYTES = 4_000;
/** Signals that stop or tell a process something and do not end it. */
const SURVIVED: ReadonlySet<NodeJS.Signals> = new Set(['SIGSTOP', 'SIGCONT', 'SIGWINCH']);

/**
 * Keeps one process running: it is started, watched until it is ready, and started again with growing delays when it dies.
 * It runs in a process group of its own, so that a Ctrl-C in the terminal reaches it only through `stop`.
 */
export class Supervised implements Resource {
  readonly plan: ProcessPlan;
  readonly #around: Supervision;
  readonly #log: BoundedLog;
  #child: ChildProcess | undefined;
  #stopping: AbortController | undefined;
  #running: Promise<void> | undefined;
  #ready = openGate();
  #state: 'starting' | 'ready' | 'ended' = 'starting';
  #everReady = false;
  #killedByUs = false;
  #tail = '';

  constructor(plan: ProcessPlan, around: Supervision) {
    this.plan = plan;
    this.#around = around;
    around.signal?.addEventListener('abort', () => void this.stop());
    this.#log = new BoundedLog(join(around.directory.path, 'logs', `${plan.name}.log`), { generations: plan.logGenerations ?? 1 });
  }

  /** The pid of the process that runs now. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it and resolves when it is ready. Rejects with `StartError` when it cannot be brought to that. */
  async start(): Promise<void> {
    if (this.#running) return this.ready();
    if (this.#around.signal?.aborted) throw new StartError('the start was broken off');
    this.#stopping = new AbortController();
    this.#renewReady();
    this.#running = this.#keepRunning(this.#stopping.signal);
    await this.ready();
  }

  /** Resolves when the process that runs now, or else the next one, is ready. */
  async ready(): Promise<void> {
    await this.#ready.promise;
  }

  /** Sends a signal to the process, as a fault would; when it dies of it, it is started again, and that does not count towards giving up. */
  kill(signal: NodeJS.Signals): void {
    if (!SURVIVED.has(signal)) {
      this.#renewReady();
      this.#killedByUs = true;
    }
    this.#child?.kill(signal);
  }

  /** Stops it with its signal, with SIGKILL when it outlives its deadline, and resolves when it is gone. It may be started again. */
  async stop(): Promise<void> {
    this.#stopping?.abort();
    await this.#endChild();
    await this.#running;
    this.#running = undefined;
  }

  async #keepRunning(stopping: AbortSignal): Promise<void> {
    let quickDeaths = 0;
    const policy = this.#around.policy ?? RESTART_POLICY;
    while (!stopping.aborted) {
      const bornMs = Date.now();
      const { cause, wasReady } = await this.#liveOnce(stopping);
      if (isAborted(stopping)) break;
      const death = afterDeath(policy, quickDeaths, wasReady ? Date.now() - bornMs : 0);
      quickDeaths = this.#countsNow() ? death.quickDeaths : 0;
      this.#killedByUs = false;
      const enough = this.#everReady ? policy.quickDeathsMax : Math.min(policy.quickDeathsMax, NEVER_READY_DEATHS_MAX);
      if (quickDeaths >= enough) {
        this.#giveUp(`${this.plan.name} ${cause}, the ${quickDeaths}. time in a row`);
        break;
      }
      this.#around.report(`${this.plan.name} ${cause}; starting it again in ${death.delayMs} ms`);
      await sleep(death.delayMs, undefined, { signal: stopping }).catch(() => undefined);
    }
    this.#state = 'ended';
    this.#ready.reject(new StartError(`${this.plan.name} was stopped`));
    this.#log.close();
  }

  #countsNow(): boolean {
    return !this.#killedByUs && (this.#around.deathsCount?.() ?? true);
  }

  /** One life from start to end. Says what ended it, and whether it had come to be ready. */
  async #liveOnce(stopping: AbortSignal): Promise<{ cause: string; wasReady: boolean }> {
    const child = this.#spawn();
    this.#child = child;
    const ended = endOf(child);
    const { name, stopSignal, stopWithinMs } = this.plan;
    const { directory } = this.#around;
    const forget =
      child.pid === undefined ? undefined : directory.record({ name, pid: child.pid, startedAtMs: Date.now(), stopSignal, stopWithinMs });
    const alive = new AbortController();
    const watching = this.#watchUntilReady(child, AbortSignal.any([alive.signal, stopping]));
    const cause = await ended;
    alive.abort();
    await watching;
    forget?.();
    this.#child = undefined;
    const wasReady = this.#state === 'ready';
    this.#renewReady();
    return { cause, wasReady };
  }

  #spawn(): ChildProcess {
    const { command, args, environment, user, channel, niceness = 0 } = this.plan;
    const child = spawn(command, args, {
      cwd: this.plan.user ? '/' : this.#around.directory.path,
      env: childEnvironment({ ...environment }),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(channel ? (['ipc'] as const) : [])],
      ...user,
    });
    if (child.pid !== undefined && niceness > 0) yieldProcessors(child.pid, niceness);
    if (child.pid !== undefined && this.#everReady) this.#yieldAfterRestart(child.pid, child);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => this.#take(chunk));
    return child;
  }

  #yieldAfterRestart(pid: number, child: ChildProcess): void {
    const { afterRestart, niceness = 0 } = this.plan;
    if (afterRestart === undefined) return;
    yieldProcessors(pid, afterRestart.niceness, 'for a while');
    const takeBack = setTimeout(() => yieldProcessors(pid, niceness, 'for a while'), afterRestart.forMs);
    child.once('exit', () => clearTimeout(takeBack));
  }

  #take(chunk: Buffer): void {
    this.#tail = (this.#tail + chunk.toString()).slice(-TAIL_BYTES);
    this.#log.write(chunk);
    this.#around.onOutput?.(this.plan.name, chunk);
  }

  async #watchUntilReady(child: ChildProcess, signal: AbortSignal): Promise<void> {
    const deadlineMs = Date.now() + this.plan.readyWithinMs;
    while (!signal.aborted) {
      try {
        await this.plan.probe();
        if (isAborted(signal)) return;
        this.#everReady = true;
        this.#state = 'ready';
        this.#ready.resolve();
        return;
      } catch (error) {
        if (Date.now() > deadlineMs) {
          this.#around.report(`${this.plan.name} is not ready after ${this.plan.readyWithinMs / 1000} s (${tellError(error)}): ending it`);
          killGroup(child);
          return;
        }
      }
      await sleep(PROBE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #giveUp(what: string): void {
    const error = new StartError(`${what}. The end of ${this.#log.path}:\n${this.#tail.trimEnd()}`);
    this.#state = 'ended';
    this.#ready.reject(error);
    this.#around.onGiveUp(error);
  }

  /** Whoever waits already goes on waiting for the next life. */
  #renewReady(): void {
    if (this.#state === 'starting') return;
    this.#state = 'starting';
    this.#ready = openGate();
  }

  async #endChild(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const ended = endOf(child);
    child.kill(this.plan.stopSignal);
    const deadline = setTimeout(() => {
      this.#around.report(`${this.plan.name} has not stopped within ${this.plan.stopWithinMs / 1000} s: killing it`);
      killGroup(child);
    }, this.plan.stopWithinMs);
    await ended;
    clearTimeout(deadline);
    if (child.signalCode === null) this.plan.onOrderlyEnd?.();
  }
}

/** Its children with it: a launcher that is killed cannot stop the server that it has started. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

interface Gate {
  readonly promise: Promise<unknown>;
  resolve(value?: unknown): void;
  reject(error: Error): void;
}

/** A promise to wait for. Nobody has to: its rejection is no unhandled one. */
function openGate(): Gate {
  const gate = Promise.withResolvers<unknown>();
  gate.promise.catch(() => undefined);
  return gate;
}

/** As a call, because the compiler takes a property for unchanged over an await. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

async function endOf(child: ChildProcess): Promise<string> {
  if (child.exitCode !== null || child.signalCode !== null) return 'ended';
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return signal === null ? `ended with code ${code ?? 'unknown'}` : `was ended by ${signal}`;
  } catch (error) {
    return `could not be started (${tellError(error)})`;
  }
}
