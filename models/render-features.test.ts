import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { renderFeatures } from './render-features.ts';

test('the page of features is the one that the declarations make', async () => {
  const page = await readFile(join(import.meta.dirname, '../docs/luminous-features.md'), 'utf8');
  expect(page).toBe(renderFeatures());
});
