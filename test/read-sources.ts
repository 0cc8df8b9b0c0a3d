import { readdirSync, readFileSync } from 'node:fs';
import { packageRoot } from '@trancendos/platform/package-root';
import { dirname, join, relative } from 'node:path';

/** One file of the repository, its path relative to the root with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.local', 'artefacts', 'coverage']);

/** The folder of the whole repository. */
export const repositoryRoot = dirname(packageRoot(import.meta.dirname));

/** Every file whose path matches, without what is installed, built or left by a run. */
export function readSources(matching: RegExp, folder: string = repositoryRoot): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : readSources(matching, full);
    const path = relative(repositoryRoot, full).replaceAll('\\', '/');
    return entry.isFile() && matching.test(path) ? [{ path, text: readFileSync(full, 'utf8') }] : [];
  });
}

/** What a TypeScript file imports, as written. */
export function importsOf(file: SourceFile): string[] {
  return [...file.text.matchAll(/^(?:import|export)\b[^;'"]*?(?:from\s+)?['"]([^'"]+)['"]/gm)].map((match) => match[1] ?? '');
}
