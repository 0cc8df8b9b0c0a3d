import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { findBreakingChanges, type OpenApiDocument } from './find-breaking-changes.ts';
import { releasedFile } from './release-openapi.ts';
import { renderOpenApi } from './render-openapi.ts';

const current = () => JSON.parse(renderOpenApi()) as OpenApiDocument;

/**
 * Where the document is changed: a JSON pointer in it, what is put there, and nothing for what is taken away. In a list `=x` is the entry
 * x, `-` a new one.
 */
type Change = readonly [pointer: string, value?: unknown];

function changed(...changes: readonly Change[]): OpenApiDocument {
  const document = current();
  for (const [pointer, value] of changes) change(document, pointer, value);
  return document;
}

function change(document: unknown, pointer: string, value: unknown): void {
  const keys = pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/'));
  const last = keys.pop() ?? '';
  let at = document;
  for (const key of keys) at = (at as Record<string, unknown>)[key];
  if (!Array.isArray(at)) {
    if (value === undefined) Reflect.deleteProperty(at as object, last);
    else (at as Record<string, unknown>)[last] = value;
  } else if (last === '-') at.push(value);
  else at.splice(at.indexOf(last.slice(1)), 1);
}

const REQUEST = '/components/schemas/TransactionRequest';
const ANSWER = '/components/schemas/TransactionAnswer';

test('nothing that is released has been broken (a deliberate break is a /v2; npm run contracts:release takes additions over)', () => {
  const released = JSON.parse(readFileSync(releasedFile(), 'utf8')) as OpenApiDocument;
  expect(findBreakingChanges(released, current())).toEqual([]);
});

describe('a change', () => {
  test.each<[string, string, Change[]]>([
    ['a path that goes', 'GET /v1/transactions/{id}: is gone', [['/paths/~1v1~1transactions~1{id}']]],
    ['a field that has to be sent', '/channel: is needed now', [[`${REQUEST}/required/-`, 'channel']]],
    ['a field that is not taken any more', '/channel: is gone', [[`${REQUEST}/properties/channel`]]],
    ['a value that is not taken any more', '/channel: atm is not taken', [[`${REQUEST}/properties/channel/enum/=atm`]]],
    ['a lower limit', '/deadline_ms: maximum is lower', [[`${REQUEST}/properties/deadline_ms/maximum`, 10]]],
    ['another type', '/amount_minor: integer is not taken', [[`${REQUEST}/properties/amount_minor/type`, 'string']]],
    ['a field of the answer that goes', '/receipt: is gone', [[`${ANSWER}/properties/receipt`], [`${ANSWER}/required/=receipt`]]],
    ['a field of the answer that may be missing', '/action: may be missing now', [[`${ANSWER}/required/=action`]]],
    ['an answer that may be null', '/transaction_id: may be null', [[`${ANSWER}/properties/transaction_id/type`, ['string', 'null']]]],
    ['a header that is needed', 'Idempotency-Key is needed now', [['/paths/~1v1~1labels/post/parameters/0/required', true]]],
    [
      'a header of the answer that goes',
      'the header Retry-After is gone',
      [['/paths/~1v1~1transactions/post/responses/202/headers/Retry-After']],
    ],
    ['a status that goes', 'is never answered 202', [['/paths/~1v1~1transactions/post/responses/202']]],
  ])('%s breaks clients', (_what, told, changes) => {
    expect(findBreakingChanges(current(), changed(...changes)).join('\n')).toContain(told);
  });

  test.each<[string, Change]>([
    ['a new path', ['/paths/~1v1~1new', {}]],
    ['a new field of the answer', [`${ANSWER}/properties/more`, { type: 'string' }]],
    ['a new field that may be sent', [`${REQUEST}/properties/more`, { type: 'string' }]],
    ['a new value that is taken', [`${REQUEST}/properties/channel/enum/-`, 'new']],
    ['a higher limit', [`${REQUEST}/properties/deadline_ms/maximum`, 10_000]],
    ['a new header of the answer', ['/paths/~1v1~1transactions/post/responses/200/headers/More', {}]],
    ['a new problem', ['/components/schemas/Problem/properties/code/enum/-', 'new']],
  ])('%s breaks nobody', (_what, addition) => {
    expect(findBreakingChanges(current(), changed(addition))).toEqual([]);
  });
});
