import { z } from 'zod';
import { loadConfig, ConfigError } from './config.ts';
import { logFields, traceFields } from './config-fields.ts';
import { openLog, type Logger, type ProcessLog } from './log.ts';

/** Something that was opened and has to be stopped. `stop` finishes what is in flight first. */
export interface Resource {
  stop(): Promise<void>;
}

/** What a service has while it starts and runs. */
export interface Scope {
  readonly log: Logger;
  /** Keeps what `opening` gives, to stop it in reverse order; goes on when it is open. */
  open<R extends Resource>(opening: Promise<R> | R): Promise<R>;
  /** Ends the service because of a fault that it cannot mend: everything is stopped in order and the process exits with 1. */
  fail(error: unknown): void;
}

const STOP_DEADLINE_MS = 20_000;

class Lifecycle implements Scope {
  readonly #opened: Resource[] = [];
  #stopping: Promise<void> | undefined;
  readonly log: ProcessLog;

  constructor(log: ProcessLog) {
    this.log = log;
  }

  async open<R extends Resource>(opening: Promise<R> | R): Promise<R> {
    const resource = await opening;
    if (this.#stopping) {
      await resource.stop();
      await new Promise<never>(() => undefined); // the process is about to exit; the start must not go on
    }
    this.#opened.push(resource);
    return resource;
  }

  fail(error: unknown): void {
    if (error instanceof ConfigError) this.log.fatal(error.message);
    else this.log.fatal({ err: error }, 'cannot go on');
    void this.stop('a fault', 1);
  }

  stop(cause: string, exitCode: number): Promise<void> {
    return (this.#stopping ??= this.#stopAll(cause, exitCode));
  }

  async #stopAll(cause: string, exitCode: number): Promise<void> {
    this.log.info({ cause }, 'stopping');
    setTimeout(() => {
      this.log.fatal(`not stopped within ${STOP_DEADLINE_MS} ms: leaving what is in flight`);
      process.exit(1);
    }, STOP_DEADLINE_MS).unref();
    let code = exitCode;
    for (const resource of this.#opened.reverse()) {
      try {
        await resource.stop();
      } catch (error) {
        this.log.error({ err: error }, 'could not be stopped cleanly');
        code = 1;
      }
    }
    this.log.info('stopped');
    await this.log.flush();
    process.exit(code);
  }
}

/**
 * Runs a service: `start` opens its parts in order; on SIGINT, SIGTERM, the loss of the parent process or a fault they are stopped in
 * reverse, within 20 s, and the process exits. A second signal exits at once.
 */
export async function run(service: string, start: (scope: Scope) => Promise<void>): Promise<void> {
  const log = openLog(service, loadConfig(z.object(logFields)));
  const lifecycle = new Lifecycle(log);
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (++signals > 1) process.exit(130);
      void lifecycle.stop(signal, 0);
    });
  }
  process.on('disconnect', () => void lifecycle.stop('the parent process is gone', 0));
  process.on('uncaughtException', (error) => lifecycle.fail(error));
  process.on('unhandledRejection', (error) => lifecycle.fail(error));
  try {
    await openTracingIfWanted(service, lifecycle);
    await start(lifecycle);
    log.info('started');
    process.send?.('started');
  } catch (error) {
    lifecycle.fail(error);
  }
}

/** First to open and last to stop, so that no span of a part is missing. The SDK is loaded only here, and only where it is wanted. */
async function openTracingIfWanted(service: string, scope: Scope): Promise<void> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: sampledShare } = loadConfig(z.object(traceFields));
  if (endpoint === undefined) return;
  const { openTracing } = await import('./export-spans.ts');
  await scope.open(openTracing({ service, endpoint, sampledShare }));
}
