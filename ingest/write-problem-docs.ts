import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '@trancendos/platform/package-root';
import { replaceProblemTable } from './render-problem-table.ts';

/** `npm run docs:problems`: writes the table of errors of the merchant API anew. */
const page = join(packageRoot(import.meta.dirname), '..', 'docs', 'merchant-api.md');
writeFileSync(page, replaceProblemTable(readFileSync(page, 'utf8')));
