import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderFeatures } from './render-features.ts';
import { versionsFolder } from './versions-folder.ts';

/** `npm run docs:features`: writes `docs/luminous-features.md`. */
const file = join(versionsFolder(), '../../docs/luminous-features.md');
await writeFile(file, renderFeatures());
process.stdout.write(`${file}\n`);
