import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Problem, PROBLEMS, type ProblemCode } from '@trancendos/contracts/http';
import { packageRoot } from '@trancendos/platform/package-root';
import { renderProblem } from './refusal.ts';
import { replaceProblemTable } from './render-problem-table.ts';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];
const REQUEST_ID = 'req_01890000-0000-7000-8000-000000000001';
const page = readFileSync(join(packageRoot(import.meta.dirname), '..', 'docs', 'merchant-api.md'), 'utf8');

describe('the page for merchants', () => {
  test('lists every problem with its status and what to do (run npm run docs:problems after a change)', () => {
    expect(replaceProblemTable(page)).toBe(page);
  });

  test('shows a problem as the API renders it', () => {
    const [, shown] = /```json\n([\s\S]*?)\n```/.exec(page.slice(page.indexOf('## Problems'))) ?? [];
    const misfits = [{ pointer: '/amount_minor', detail: 'a whole number of minor units, 0 to 9007199254740991' }];
    expect(JSON.parse(shown ?? '')).toEqual(renderProblem({ refused: 'invalid_field', misfits }, REQUEST_ID));
  });
});

describe('a problem', () => {
  test.each(CODES)('%s fits its schema', (code) => {
    const misfits = Array.from({ length: 30 }, (_, index) => ({ pointer: `/field_${index}`, detail: 'something else' }));
    const problem = Problem.parse(renderProblem({ refused: code, misfits }, REQUEST_ID));
    expect([problem.code, problem.status, problem.errors?.length]).toEqual([code, PROBLEMS[code].status, 20]);
  });
});
