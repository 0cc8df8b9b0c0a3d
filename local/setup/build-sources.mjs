import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './install-dependencies.mjs';
import { inRoot, root } from './paths.mjs';
import { runStep } from './run-step.mjs';

const CONSOLE_STAMP = inRoot('console', 'dist', '.built-from');
const NOT_SOURCES = new Set(['node_modules', 'dist']);

/** Compiles what has changed; `tsc -b` knows that by itself. */
export async function compileSources(node) {
  await runStep('Compiling', node, [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-b'], { cwd: root });
}

/** Builds the console's page, unless it was built from the same sources. */
export async function buildConsole() {
  const hash = hashOf([inRoot('console'), inRoot('contracts'), inRoot('package-lock.json')]);
  if (existsSync(CONSOLE_STAMP) && readFileSync(CONSOLE_STAMP, 'utf8') === hash && existsSync(inRoot('console', 'dist', 'app'))) return;
  rmSync(CONSOLE_STAMP, { force: true });
  await runStep('Building the console', ...npm('run', 'build', '-w', '@trancendos/console'), { cwd: root });
  mkdirSync(inRoot('console', 'dist'), { recursive: true });
  writeFileSync(CONSOLE_STAMP, hash);
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesOf).sort()) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function filesOf(path) {
  const entries = readdirOf(path);
  if (!entries) return [path];
  return entries
    .filter((entry) => !NOT_SOURCES.has(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)]));
}

function readdirOf(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return undefined;
  }
}
