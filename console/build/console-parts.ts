import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is built, versioned and put online alone. The first four are the frame, the others are loaded when one of their pages opens. */
export type PartId = 'vendor' | 'ui' | 'shell-api' | 'shell' | RemoteId;
export type RemoteId = 'live-ops' | 'ledger' | 'insights' | 'governance';

export const FRAME_PARTS = ['vendor', 'ui', 'shell-api', 'shell'] as const satisfies readonly PartId[];
export const REMOTE_IDS = ['live-ops', 'ledger', 'insights', 'governance'] as const satisfies readonly RemoteId[];
export const PART_IDS: readonly PartId[] = [...FRAME_PARTS, ...REMOTE_IDS];

/** What a page gets from its surroundings instead of bringing it: module names that the import map leads to one copy each. */
export const PROVIDED = ['react', 'react-dom', 'react-dom/client', 'react/jsx-runtime', '@trancendos/ui', '@trancendos/shell-api'] as const;
export type ProvidedName = (typeof PROVIDED)[number];

/** The folder of the whole console. */
export const consoleRoot = join(import.meta.dirname, '..');
/** Where the built console lies: `index.html`, `apps.json` and `assets/<part>/<version>-<hash>/`. */
export const builtRoot = join(consoleRoot, 'dist', 'app');

interface PartPackage {
  readonly version: string;
  /** Of a remote: the contract that it is written for, and the beginnings of its pages' addresses. */
  readonly console?: { readonly contract: number; readonly paths: readonly string[] };
}

/** Version and terms of a part, as its package.json states them. */
export function readPartPackage(id: PartId): PartPackage {
  return JSON.parse(readFileSync(join(consoleRoot, id, 'package.json'), 'utf8')) as PartPackage;
}

/** The file that a part begins with, relative to the console's folder, and the name it gets when it is built. */
export function entriesOf(id: PartId): Readonly<Record<string, string>> {
  switch (id) {
    case 'vendor':
      return Object.fromEntries(PROVIDED.filter((name) => name.startsWith('react')).map((name) => [fileNameOf(name), `facade:${name}`]));
    case 'ui':
      return { index: join(id, 'main.ts') };
    case 'shell-api':
      return { index: join(id, 'index.ts') };
    case 'shell':
    case 'live-ops':
    case 'ledger':
    case 'insights':
    case 'governance':
      return { main: join(id, 'main.tsx') };
  }
}

/** A module name as a file name: `react-dom/client` is `react-dom-client`. */
export function fileNameOf(name: string): string {
  return name.replaceAll('/', '-');
}

/** Which provided modules a part must not bundle. */
export function externalsOf(id: PartId): string[] {
  if (id === 'vendor') return [];
  return PROVIDED.filter((name) => name !== `@trancendos/${id}`);
}
