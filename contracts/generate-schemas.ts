import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderSchemas, schemasFolder } from './render-schemas.ts';

/** Writes `contracts/schemas/*.json` anew. Run by `npm run contracts:generate`; the drift test fails until it has been. */
const folder = schemasFolder();
mkdirSync(folder, { recursive: true });
for (const [name, text] of renderSchemas()) writeFileSync(join(folder, name), text);
