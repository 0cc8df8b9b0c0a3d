import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderSchemas, schemasFolder } from './render-schemas.ts';

describe('the committed JSON Schemas', () => {
  test('say what the zod contracts say (run npm run contracts:generate after a change)', () => {
    const folder = schemasFolder();
    for (const [name, text] of renderSchemas()) expect([name, readFileSync(join(folder, name), 'utf8')]).toEqual([name, text]);
  });

  test('have no file left over from a shape that is gone', () => {
    expect(readdirSync(schemasFolder()).sort()).toEqual(
      renderSchemas()
        .map(([name]) => name)
        .sort(),
    );
  });
});
