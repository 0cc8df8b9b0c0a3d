import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '@trancendos/platform/package-root';
import { renderFiles } from './render-files.ts';

/** Folders that hold nothing but generated files. */
const OWN_FOLDERS = ['dashboards', 'prometheus/rules', 'prometheus/tests', 'provisioning'];

const folder = packageRoot(import.meta.dirname);
const files = renderFiles();
for (const own of OWN_FOLDERS) rmSync(join(folder, own), { recursive: true, force: true });
for (const [path, text] of files) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
process.stdout.write(`${files.size} files written to grafana/\n`);
