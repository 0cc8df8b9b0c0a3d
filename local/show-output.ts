/** Of each payment there is a line in the files; in a terminal they would hide everything else. */
const LEFT_OUT: ReadonlySet<unknown> = new Set(['payment-decided']);
const LINE_MAX = 65_536;
const COLOURS: Readonly<Record<string, string>> = { warn: '33', error: '31', fatal: '41', debug: '34', trace: '90' };
/** Said by the way a line is shown, or the same in every line. */
const SHOWN_ALREADY = /^(@timestamp|log\.level|message|process\.|host\.|ecs\.|service\.|event\.|trace\.|error\.)/;

export interface ShowOptions {
  readonly write: (text: string) => void;
  readonly colour: boolean;
}

/**
 * Shows what services write to a person: their JSON lines as text, without the lines of single payments, and whatever else they write as it
 * is. Gives the function that takes the output of each process, in chunks of any size.
 */
export function showOutput({ write, colour }: ShowOptions): (name: string, chunk: Buffer) => void {
  const unfinished = new Map<string, string>();
  return (name, chunk) => {
    const lines = `${unfinished.get(name) ?? ''}${chunk.toString()}`.split('\n');
    unfinished.set(name, (lines.pop() ?? '').slice(-LINE_MAX));
    for (const line of lines) {
      const shown = render(name, line, colour);
      if (shown !== undefined) write(`${shown}\n`);
    }
  };
}

function render(name: string, line: string, colour: boolean): string | undefined {
  const entry = readEntry(line);
  if (!entry) return line;
  if (LEFT_OUT.has(entry['event.action'])) return undefined;
  const { '@timestamp': at, 'log.level': level, message, 'error.stack_trace': stack } = entry;
  const details = Object.entries(entry)
    .filter(([key]) => !SHOWN_ALREADY.test(key))
    .map(([key, value]) => ` ${key.replace(/^(trancendos|http)\./, '')}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const word = text(level).toUpperCase();
  const shade = COLOURS[text(level)];
  const shownLevel = colour && shade !== undefined ? `\u001b[${shade}m${word}\u001b[0m` : word;
  const trace = stack === undefined ? '' : `\n${text(stack).replace(/^/gm, '    ')}`;
  return `${text(at).slice(11, 23)} ${shownLevel} ${name}: ${text(message)}${details.join('')}${trace}`;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function readEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{"log.level"')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
