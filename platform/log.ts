import { ecsFormat } from '@elastic/ecs-pino-format';
import { pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { z } from 'zod';
import type { logFields } from './config-fields.ts';

export type Logger = pino.Logger;
export type LogConfig = z.output<z.ZodObject<typeof logFields>>;

/**
 * The log of a service on standard output: Elastic Common Schema JSON, one object a line, or lines for a person.
 * ERROR means that somebody has to be woken; pass the error object as `err`, never its text.
 */
export function openLog(service: string, config: LogConfig): Logger {
  const format = config.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json');
  if (format === 'json') return pino({ ...ecsFormat({ serviceName: service }), level: config.LOG_LEVEL });
  const lines = PinoPretty({
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,name',
    messageFormat: `${service}: {msg}`,
  });
  return pino({ name: service, level: config.LOG_LEVEL }, lines);
}
