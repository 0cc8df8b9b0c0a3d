import { PROBLEMS, type ProblemCode } from '@trancendos/contracts/http';
import { ADVICE } from './refusal.ts';

const HEADER = ['Code', 'Status', 'What happened', 'What to do'];

/** Every error of the merchant API as a Markdown table, for the documentation. */
export function renderProblemTable(): string {
  const codes = Object.keys(PROBLEMS) as ProblemCode[];
  const rows = codes.map((code) => [`\`${code}\``, String(PROBLEMS[code].status), PROBLEMS[code].title, ADVICE[code]]);
  const widths = HEADER.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const render = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [render(HEADER), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(render)].join('\n');
}

const TABLE = /^\| Code +\| Status .*(\n\|.*)*/m;

/** A page with its table of errors replaced by what the API answers now. Throws where the page has none. */
export function replaceProblemTable(page: string): string {
  if (!TABLE.test(page)) throw new Error('the page has no table of problems');
  return page.replace(TABLE, () => renderProblemTable());
}
