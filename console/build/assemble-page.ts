import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBuiltPart, type BuiltPart } from './build-part.ts';
import { builtRoot, consoleRoot, fileNameOf, FRAME_PARTS, PROVIDED, REMOTE_IDS } from './console-parts.ts';

/** One entry of `apps.json`: what the shell needs to load a remote. */
export interface RemoteEntry {
  readonly id: string;
  readonly version: string;
  readonly contract: number;
  readonly paths: readonly string[];
  readonly entry: string;
  readonly chunks: readonly string[];
  readonly css: readonly string[];
  readonly sri: Readonly<Record<string, string>>;
}

/** Where the frame's files are named in the page's template. */
export const FRAME_PLACE = '<!-- the frame -->';

/** Puts the versions that were built last online: writes `apps.json` and the page that names the frame's files. */
export function assemblePage(outRoot: string = builtRoot): void {
  const frame = FRAME_PARTS.map((id) => required(readBuiltPart(id, outRoot), id));
  const remotes = REMOTE_IDS.flatMap((id) => readBuiltPart(id, outRoot) ?? []);
  const template = readFileSync(join(consoleRoot, 'shell', 'index.html'), 'utf8');
  replaceFile(join(outRoot, 'apps.json'), `${JSON.stringify({ apps: remotes.map(entryOf) }, null, 2)}\n`);
  replaceFile(join(outRoot, 'index.html'), template.replace(FRAME_PLACE, renderFrame(frame, remotes)));
}

function entryOf(part: BuiltPart): RemoteEntry {
  const { id, version, contract = 0, paths = [], chunks, css, sri } = part;
  return { id, version, contract, paths, entry: required(part.entries['main'], id), chunks, css, sri };
}

/** The import map with the hash of every script, and the frame's own files. The map has to stand before anything that loads a module. */
function renderFrame(frame: readonly BuiltPart[], remotes: readonly BuiltPart[]): string {
  const addresses = Object.assign({}, ...frame.map(({ entries }) => entries)) as Record<string, string>;
  const indexOf = (id: string) => required(frame.find((part) => part.id === id)?.entries['index'], id);
  const imports = Object.fromEntries(
    PROVIDED.map((name) => {
      const own = /^@trancendos\/(.+)$/.exec(name)?.[1];
      return [name, own === undefined ? required(addresses[fileNameOf(name)], name) : indexOf(own)];
    }),
  );
  const hashes = Object.assign({}, ...[...frame, ...remotes].map(({ sri }) => sri)) as Record<string, string>;
  const integrity = Object.fromEntries(Object.entries(hashes).filter(([address]) => address.endsWith('.js')));
  const preloaded = frame.flatMap(({ entries, chunks }) => [...Object.values(entries), ...chunks]);
  const main = required(addresses['main'], 'shell');
  return [
    `<script type="importmap">${JSON.stringify({ imports, integrity })}</script>`,
    ...frame.flatMap(({ css }) => css).map((href) => `<link rel="stylesheet" href="${href}" integrity="${hashes[href] ?? ''}" />`),
    ...preloaded
      .filter((href) => href !== main)
      .map((href) => `<link rel="modulepreload" href="${href}" integrity="${hashes[href] ?? ''}" />`),
    `<script type="module" src="${main}" integrity="${hashes[main] ?? ''}"></script>`,
  ].join('\n    ');
}

/** A reader sees the old file or the new one, never a half. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.draft`, text);
  renameSync(`${file}.draft`, file);
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`${name} is not built: run npm run build -w console`);
  return value;
}
