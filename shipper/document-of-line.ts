import { scrubLine } from '@trancendos/platform/scrub-line';
import type { LogLine } from './log-files.ts';

/** A document for a data stream. `id` is the same however often the line is shipped. */
export interface LogDocument {
  readonly id: string;
  readonly service: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly '@timestamp': string };
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/**
 * What is stored of a line: one of ours as it is, anything else (what a runtime writes when it breaks) as a message, scrubbed here because it
 * did not come through our log. `fallbackAt`: the time of a line that says none.
 */
export function documentOfLine(line: LogLine, fallbackAt: string): LogDocument {
  const id = `${line.file}-${line.offset}`;
  const entry = readEntry(line.text);
  if (entry) return { id, service: line.service, body: entry };
  const raw = {
    '@timestamp': fallbackAt,
    message: line.text,
    'log.level': 'error',
    'service.name': line.service,
    'event.dataset': `trancendos.${line.service}`,
    'event.kind': 'pipeline_error',
  };
  return { id, service: line.service, body: JSON.parse(scrubLine(JSON.stringify(raw), () => undefined)) as LogDocument['body'] };
}

function readEntry(text: string): LogDocument['body'] | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(text) as Record<string, unknown>;
    const at = entry['@timestamp'];
    return typeof at === 'string' && INSTANT.test(at) ? (entry as LogDocument['body']) : undefined;
  } catch {
    return undefined;
  }
}
