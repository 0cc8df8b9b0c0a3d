import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import { build, type InlineConfig, type Rolldown } from 'vite';
import { builtRoot, consoleRoot, entriesOf, externalsOf, readPartPackage, type PartId } from './console-parts.ts';
import { facadePlugin } from './facade-plugin.ts';

/** One built version of a part. Paths are addresses below the console's origin. */
export interface BuiltPart {
  readonly id: PartId;
  /** `<version>-<hash of everything in it>`. */
  readonly version: string;
  readonly contract?: number;
  readonly paths?: readonly string[];
  /** Where it begins; the vendor part has several beginnings. */
  readonly entries: Readonly<Record<string, string>>;
  /** What the entries import at once, themselves left out. */
  readonly chunks: readonly string[];
  readonly css: readonly string[];
  /** Hash of every script and style, for subresource integrity. */
  readonly sri: Readonly<Record<string, string>>;
}

/** Versions of a part that stay online: a page that is open goes on with the chunks of the version that it began with. */
const VERSIONS_KEPT = 4;

/** Builds one part into a folder named by its content, and writes its description. What has not changed keeps its name. */
export async function buildPart(id: PartId, outRoot: string = builtRoot): Promise<BuiltPart> {
  const output = await bundle(id);
  const folder = join(outRoot, 'assets', id);
  const version = `${readPartPackage(id).version}-${hashOf(output)}`;
  writeVersion(join(folder, version), output);
  removeOldVersions(folder, version);
  const part = describe(id, version, output);
  writeFileSync(join(folder, 'part.json'), `${JSON.stringify(part, null, 2)}\n`);
  return part;
}

/** The description of the version that was built last. */
export function readBuiltPart(id: PartId, outRoot: string = builtRoot): BuiltPart | undefined {
  const file = join(outRoot, 'assets', id, 'part.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BuiltPart) : undefined;
}

type Output = (Rolldown.OutputChunk | Rolldown.OutputAsset)[];

async function bundle(id: PartId): Promise<Output> {
  const result = await build(configOf(id));
  if (!('output' in result)) throw new Error(`the build of ${id} gave several outputs, or none`);
  return [...result.output].sort((one, other) => (one.fileName < other.fileName ? -1 : 1));
}

function configOf(id: PartId): InlineConfig {
  const input = Object.entries(entriesOf(id)).map(([name, file]) => [name, file.startsWith('facade:') ? file : join(consoleRoot, file)]);
  return {
    configFile: false,
    root: join(consoleRoot, id),
    base: './',
    logLevel: 'warn',
    plugins: [esmExternalRequirePlugin({ external: externalsOf(id) }), facadePlugin(), react(), tailwind()],
    resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
    build: {
      write: false,
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      modulePreload: false,
      target: 'es2022',
      rolldownOptions: {
        input: Object.fromEntries(input) as Record<string, string>,
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', assetFileNames: '[name]-[hash][extname]' },
      },
    },
  };
}

const contentOf = (file: Output[number]) => (file.type === 'chunk' ? file.code : file.source);

function hashOf(output: Output): string {
  const hash = createHash('sha256');
  for (const file of output) hash.update(file.fileName).update('\0').update(contentOf(file)).update('\0');
  return hash.digest('hex').slice(0, 12);
}

/** Written beside and moved into place, so that a version is there whole or not at all. */
function writeVersion(folder: string, output: Output): void {
  if (existsSync(folder)) {
    utimesSync(folder, new Date(), new Date());
    return;
  }
  const draft = `${folder}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  for (const file of output) {
    const path = join(draft, file.fileName);
    writeFileSync(path, contentOf(file));
    if (/\.(js|css)$/.test(path)) writeCompressed(path, Buffer.from(contentOf(file)));
  }
  renameSync(draft, folder);
}

/** Beside the file itself, for the gateway to choose from. */
function writeCompressed(path: string, content: Buffer): void {
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
}

function removeOldVersions(folder: string, current: string): void {
  const others = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== current)
    .map(({ name }) => ({ name, builtMs: statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.builtMs - one.builtMs);
  for (const { name } of others.slice(VERSIONS_KEPT - 1)) rmSync(join(folder, name), { recursive: true });
}

function describe(id: PartId, version: string, output: Output): BuiltPart {
  const address = (fileName: string) => `/assets/${id}/${version}/${fileName}`;
  const chunks = output.filter((file) => file.type === 'chunk');
  const entries = chunks.filter(({ isEntry }) => isEntry);
  const served = output.filter(({ fileName }) => /\.(js|css)$/.test(fileName));
  const { console: terms } = readPartPackage(id);
  return {
    id,
    version,
    ...(terms && { contract: terms.contract, paths: terms.paths }),
    entries: Object.fromEntries(entries.map(({ name, fileName }) => [name, address(fileName)])),
    chunks: importedAtOnce(chunks, entries).map(address),
    css: output.filter(({ fileName }) => fileName.endsWith('.css')).map(({ fileName }) => address(fileName)),
    sri: Object.fromEntries(served.map((file) => [address(file.fileName), integrityOf(contentOf(file))])),
  };
}

function importedAtOnce(chunks: readonly Rolldown.OutputChunk[], entries: readonly Rolldown.OutputChunk[]): string[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const found = new Set(entries.map(({ fileName }) => fileName));
  for (const fileName of found) for (const name of byName.get(fileName)?.imports ?? []) if (byName.has(name)) found.add(name);
  for (const { fileName } of entries) found.delete(fileName);
  return [...found];
}

function integrityOf(content: string | Uint8Array): string {
  return `sha384-${createHash('sha384').update(content).digest('base64')}`;
}
