import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { runbookOf } from './alert.ts';
import { alerts } from './list-alerts.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'runbooks');
const wanted = new Map(alerts.map((alert) => [runbookOf(alert), alert.family ?? alert.name]));
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

describe('every alert', () => {
  test('has a runbook, and every runbook an alert', () => {
    const found = readdirSync(folder).filter((file) => file !== 'README.md');
    expect(found.sort()).toEqual([...wanted.keys()].sort());
  });

  test.each([...wanted])('%s says what it means, where to look, what to do and how to test it', (file, name) => {
    const text = read(file);
    expect(text.match(/^#+ .*$/gm)).toEqual([`# ${name}`, '## Meaning', '## First look', '## Action', '## How to test it']);
    expect(text).toMatch(/## Action\n\n1\. /);
    expect(read('README.md')).toContain(`[${name}](${file})`);
  });
});

function isPromql(query: string): boolean {
  let faults = 0;
  parser.parse(query).iterate({ enter: ({ type }) => void (faults += Number(type.isError)) });
  return faults === 0;
}

test('the queries of the runbooks are PromQL, and their links lead somewhere', () => {
  for (const file of [...wanted.keys()]) {
    const text = read(file);
    const queries = [...text.matchAll(/```promql\n([^`]*)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
    expect(queries.length).toBeGreaterThan(0);
    expect({ file, faults: queries.filter((query) => !isPromql(query)) }).toEqual({ file, faults: [] });
    for (const [, target = ''] of text.matchAll(/\]\(([a-z-]+\.md)\)/g)) expect(readdirSync(folder)).toContain(target);
  }
});
