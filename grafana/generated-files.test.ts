import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { renderFiles } from './render-files.ts';

const files = renderFiles();

test('the committed files are those that the rules and boards give (else: npm run grafana:generate)', () => {
  for (const [path, text] of files) expect({ path, text: readFileSync(join(import.meta.dirname, path), 'utf8') }).toEqual({ path, text });
});

test('beside them lies nothing that nobody writes any more', () => {
  const found = ['dashboards', 'prometheus/rules', 'prometheus/tests', 'provisioning'].flatMap((folder) =>
    readdirSync(join(import.meta.dirname, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(import.meta.dirname.length + 1)),
  );
  expect(found.filter((path) => !files.has(path))).toEqual([]);
});
