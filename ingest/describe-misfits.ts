import type { z } from 'zod';
import { renderPointer } from './parse-strict-json.ts';
import type { Misfit, Refusal } from './refusal.ts';

/** What a field expects, where the schema's own words would be long, or hard to act on. */
const EXPECTED: Record<string, string> = {
  occurred_at: 'a time in UTC with milliseconds, e.g. 2026-05-01T16:04:11.482Z',
  known_at: 'a time in UTC with milliseconds, e.g. 2026-05-01T16:04:11.482Z',
  amount_minor: 'a whole number of minor units, 0 to 9007199254740991',
  currency: 'an ISO 4217 code that the platform keeps accounts in, e.g. EUR',
  source: 'merchant, analyst, network or bank',
  fraud: 'true or false',
};
const REFERENCE = '1 to 64 letters, digits and . _ : - beginning with a letter or digit';

/** Turns what the schema found into one refusal: `unknown_field` when that is all there is, else `invalid_field`. No value is quoted. */
export function describeMisfits(issues: readonly z.core.$ZodIssue[]): Refusal {
  const misfits = [...new Map(issues.flatMap(describeIssue).map((misfit) => [misfit.pointer, misfit])).values()];
  const onlyUnknown = issues.every((issue) => issue.code === 'unrecognized_keys');
  return { refused: onlyUnknown ? 'unknown_field' : 'invalid_field', misfits };
}

function describeIssue(issue: z.core.$ZodIssue): Misfit[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: renderPointer([...issue.path, key]), detail: 'not a field of this request' }));
  }
  return [{ pointer: renderPointer(issue.path), detail: expectation(issue) }];
}

function expectation(issue: z.core.$ZodIssue): string {
  const field = String(issue.path.at(-1) ?? '');
  const expected = EXPECTED[field] ?? (issue.code === 'custom' ? issue.message : expectedKind(issue));
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return missing ? `missing: ${expected}` : expected;
}

function expectedKind(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  return issue.code === 'invalid_type' && issue.expected !== 'string' ? `an ${issue.expected}` : REFERENCE;
}
