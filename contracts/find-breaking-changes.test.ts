import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBreakingChanges, type OpenApiDocument } from './find-breaking-changes.ts';
import { renderOpenApi } from './render-openapi.ts';
import { releasedFile } from './release-openapi.ts';

const current = () => JSON.parse(renderOpenApi()) as OpenApiDocument;
/** The document as it is now, changed in place. */
function changed(change: (document: any) => void): OpenApiDocument {
  // eslint-disable-line @typescript-eslint/no-explicit-any -- it is broken on purpose
  const document = current();
  change(document);
  return document;
}

test('nothing that is released has been broken (a deliberate break is a /v2; npm run contracts:release takes additions over)', () => {
  const released = JSON.parse(readFileSync(join(releasedFile()), 'utf8')) as OpenApiDocument;
  expect(findBreakingChanges(released, current())).toEqual([]);
});

describe('a change', () => {
  const REQUEST = 'TransactionRequest';
  const ANSWER = 'TransactionAnswer';
  test.each<[string, string, (document: any) => void]>([
    // eslint-disable-line @typescript-eslint/no-explicit-any -- it is broken on purpose
    ['a path that goes', 'GET /v1/transactions/{id}: is gone', (d) => delete d.paths['/v1/transactions/{id}']],
    ['a field that has to be sent', '/channel: is needed now', (d) => d.components.schemas[REQUEST].required.push('channel')],
    ['a field that is not taken any more', '/channel: is gone', (d) => delete d.components.schemas[REQUEST].properties.channel],
    [
      'a value that is not taken any more',
      '/channel: atm is not taken',
      (d) => remove(d.components.schemas[REQUEST].properties.channel.enum, 'atm'),
    ],
    ['a lower limit', '/deadline_ms: maximum is lower', (d) => (d.components.schemas[REQUEST].properties.deadline_ms.maximum = 10)],
    ['another type', '/amount_minor: integer is not taken', (d) => (d.components.schemas[REQUEST].properties.amount_minor.type = 'string')],
    ['a field of the answer that goes', '/receipt: is gone', (d) => drop(d.components.schemas[ANSWER], 'receipt')],
    [
      'a field of the answer that may be missing',
      '/action: may be missing now',
      (d) => remove(d.components.schemas[ANSWER].required, 'action'),
    ],
    [
      'an answer that may be null',
      '/transaction_id: may be null now',
      (d) => (d.components.schemas[ANSWER].properties.transaction_id.type = ['string', 'null']),
    ],
    ['a header that is needed', 'Idempotency-Key is needed now', (d) => (keyOf(d.paths['/v1/labels'].post).required = true)],
    ['a status that goes', 'is never answered 202', (d) => delete d.paths['/v1/transactions'].post.responses['202']],
  ])('%s breaks clients', (_what, told, change) => {
    expect(findBreakingChanges(current(), changed(change)).join('\n')).toContain(told);
  });

  test.each<[string, (document: any) => void]>([
    // eslint-disable-line @typescript-eslint/no-explicit-any -- it is changed on purpose
    ['a new path', (d) => (d.paths['/v1/new'] = d.paths['/v1/keys'])],
    ['a new field of the answer', (d) => (d.components.schemas[ANSWER].properties.more = { type: 'string' })],
    ['a new field that may be sent', (d) => (d.components.schemas[REQUEST].properties.more = { type: 'string' })],
    ['a new value that is taken', (d) => d.components.schemas[REQUEST].properties.channel.enum.push('new')],
    ['a higher limit', (d) => (d.components.schemas[REQUEST].properties.deadline_ms.maximum = 10_000)],
    ['a new problem', (d) => d.components.schemas.Problem.properties.code.enum.push('new')],
  ])('%s breaks nobody', (_what, change) => {
    expect(findBreakingChanges(current(), changed(change))).toEqual([]);
  });
});

function remove(list: unknown[], value: unknown): void {
  list.splice(list.indexOf(value), 1);
}

function drop(schema: { properties: Record<string, unknown>; required: string[] }, name: string): void {
  delete schema.properties[name];
  remove(schema.required, name);
}

function keyOf(operation: { parameters: { name: string; required: boolean }[] }): { required: boolean } {
  const key = operation.parameters.find(({ name }) => name === 'Idempotency-Key');
  if (!key) throw new Error('no such parameter');
  return key;
}
