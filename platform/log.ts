import { hostname } from 'node:os';
import { pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { z } from 'zod';
import type { logFields } from './config-fields.ts';
import { pickLogFields, type FieldNames, type LogFields } from './log-fields.ts';
import { metrics } from './metrics.ts';
import { scrubLine } from './scrub-line.ts';

export type LogConfig = z.output<z.ZodObject<typeof logFields>>;

interface LogMethod {
  (fields: LogFields, message: string): void;
  (message: string): void;
}

/** A log. ERROR means that somebody has to be woken; pass the error object as `err`, never its text. */
export interface Logger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  /** A log that says `fields` in each of its lines. */
  child(fields: LogFields): Logger;
}

/** The log of a process. `flush` resolves when its lines have been handed to the system. */
export interface ProcessLog extends Logger {
  flush(): Promise<void>;
}

/** Takes finished lines. `flushSync` is for the end of the process. */
interface LineSink {
  write(line: string): void;
  flush(done: () => void): void;
  flushSync(): void;
}

const ECS_VERSION = '8.11.0';
/** Lines that wait for a reader that has stopped reading; beyond it they are counted and dropped, because no decision waits for a log. */
const WAITING_MAX_BYTES = 16 * 1024 * 1024;
const FLUSH_WITHIN_MS = 1_000;

/**
 * The log of a service on standard output: Elastic Common Schema JSON, one object a line, or lines for a person.
 *
 * Three layers keep secrets out of it: configuration that is secret is a `Secret`, which prints as `[secret]`; a line has only the fields of
 * `log-fields.ts`; and what still looks like a card number, a key or a password is replaced before the line leaves the process.
 */
export function openLog(service: string, config: LogConfig): ProcessLog {
  const format = config.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const sink = format === 'json' ? standardOutput() : pretty(service);
  process.once('exit', () => {
    try {
      sink.flushSync();
    } catch {
      // Nobody reads any more, and there is nowhere left to say so.
    }
  });
  const log = buildLog(service, config.LOG_LEVEL, { sink, names: format === 'json' ? 'ecs' : 'plain' });
  return { ...log, flush: () => flushWithin(sink, FLUSH_WITHIN_MS) };
}

async function flushWithin(sink: LineSink, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs);
    sink.flush(resolve);
  });
  clearTimeout(timer);
}

/** A log that writes its lines to `sink`. */
export function buildLog(
  service: string,
  level: string,
  { sink, names }: { readonly sink: Pick<LineSink, 'write'>; readonly names: FieldNames },
): Logger {
  const pick = (fields: object) =>
    pickLogFields(fields as Readonly<Record<string, unknown>>, names, (dropped) => metrics.logFieldsDropped.inc(dropped));
  const base = {
    'process.pid': process.pid,
    'host.hostname': hostname(),
    'ecs.version': ECS_VERSION,
    'service.name': service,
    'event.dataset': `trancendos.${service}`,
  };
  const ecs = {
    messageKey: 'message',
    timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ 'log.level': label }), log: pick },
    base,
  };
  const plain = { name: service, formatters: { log: pick } };
  const scrubbing = { write: (line: string) => sink.write(scrubLine(line, (kind) => metrics.logScrubbed.inc({ kind }))) };
  return asLogger(pino({ ...(names === 'ecs' ? ecs : plain), level }, scrubbing), pick);
}

function asLogger(log: pino.Logger, pick: (fields: object) => Record<string, unknown>): Logger {
  const bound = (method: LogMethod): LogMethod => method.bind(log);
  return {
    trace: bound(log.trace),
    debug: bound(log.debug),
    info: bound(log.info),
    warn: bound(log.warn),
    error: bound(log.error),
    fatal: bound(log.fatal),
    child: (fields) => asLogger(log.child(pick(fields)), pick),
  };
}

/** One write at a time, off the event loop; what is logged meanwhile goes together into the next one. */
function standardOutput(): LineSink {
  const output = pino.destination({ fd: process.stdout.fd, sync: false, minLength: 0, maxLength: WAITING_MAX_BYTES });
  output.on('drop', () => metrics.logLinesDropped.inc());
  output.on('error', () => undefined); // whoever read it is gone; the service goes on
  return { write: (line) => void output.write(line), flush: (done) => output.flush(done), flushSync: () => output.flushSync() };
}

function pretty(service: string): LineSink {
  const lines = PinoPretty({
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,name',
    messageFormat: `${service}: {msg}`,
    sync: true,
  });
  return { write: (line) => void lines.write(line), flush: (done) => done(), flushSync: () => undefined };
}
