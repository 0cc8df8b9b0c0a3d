import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The package folder that `folder` lies in: the nearest one upwards with a package.json.
 * Sources run from the package itself and built code from its `dist`, so files such as migrations are found through this.
 */
export function packageRoot(folder: string): string {
  let candidate = folder;
  while (!existsSync(join(candidate, 'package.json'))) {
    const parent = dirname(candidate);
    if (parent === candidate) throw new Error(`no package.json above ${folder}`);
    candidate = parent;
  }
  return candidate;
}
