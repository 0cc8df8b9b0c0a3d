import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readSources } from './read-sources.ts';

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions?: object;
        readonly 'timeout-minutes'?: number;
        readonly strategy?: { readonly matrix: { readonly command?: string[] } };
      }
    >
  >;
}

const files = readSources(/^\.github\/workflows\/.*\.yml$/);
const workflows = files.map(({ path, text }) => ({ path, text, ...(parse(text) as Workflow) }));
const scripts = (JSON.parse(readSources(/^package\.json$/)[0]?.text ?? '{}') as { scripts: Record<string, string> }).scripts;

describe('the workflows', () => {
  test('use actions by commit only, with the version beside it', () => {
    expect(workflows.length).toBeGreaterThan(5);
    const uses = workflows.flatMap(({ text }) => [...text.matchAll(/uses: (.*)$/gm)].map(([, action]) => action));
    expect(uses.filter((action) => !/^[\w./-]+@[0-9a-f]{40} # v\d[\d.]*$/.test(action ?? ''))).toEqual([]);
  });

  test('may do nothing that a job does not ask for, and end by themselves', () => {
    for (const { permissions, jobs } of workflows) {
      expect(permissions).toEqual({});
      for (const job of Object.values(jobs)) {
        expect(Object.keys(job.permissions ?? {})).toContain('contents');
        expect(job['timeout-minutes']).toBeGreaterThan(0);
      }
    }
  });

  test('keep no credentials in what they check out', () => {
    for (const { text } of workflows)
      expect(text.match(/actions\/checkout@/g)?.length).toBe(text.match(/persist-credentials: false/g)?.length);
  });

  test('run the scripts that everybody runs', () => {
    const matrix = workflows.flatMap(({ jobs }) => Object.values(jobs).flatMap(({ strategy }) => strategy?.matrix.command ?? []));
    const run = [
      ...workflows.flatMap(({ text }) => [...text.matchAll(/npm run (?:--silent )?([a-z0-9:-]+)/g)].map(([, name]) => name ?? '')),
      ...matrix.map((command) => command.split(' ')[0] ?? ''),
    ];
    expect(run.length).toBeGreaterThan(10);
    expect(run.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});
