/**
 * Lays out what each image holds, in one folder for each, from a repository that is installed and compiled:
 *   node docker/assemble-images.mjs OUT
 * A folder has the compiled files of a workspace and of those that it is made of, their production dependencies as npm has resolved them,
 * and `sbom.cdx.json` (CycloneDX), which is made from the very files that are there.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const inRoot = (...parts) => join(root, ...parts);

/** Image to the workspace whose program it runs, and what that reads beside its own files. */
const IMAGES = {
  ingest: { workspace: 'ingest' },
  scoring: { workspace: 'scoring' },
  ledger: { workspace: 'ledger' },
  review: { workspace: 'review' },
  realtime: { workspace: 'realtime', reads: ['console/dist/app'] },
  shipper: { workspace: 'shipper' },
  migrate: { workspace: 'platform', reads: workspaceFolders().flatMap(folderOf('migrations')) },
  traffic: { workspace: 'local' },
};
/** Folders of a workspace that are neither compiled nor a dependency. */
const DATA_FOLDERS = ['migrations', 'versions', 'elasticsearch'];
/** Only people and compilers read these. */
const NOT_AT_RUN_TIME = /\.(d\.[cm]?ts|d\.[cm]?ts\.map|tsbuildinfo)$|\.test\.js(\.map)?$/;
const NOT_OF_DEPENDENCIES = /\.([cm]?ts|map|md|markdown|flow)$/;

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('where to? assemble-images.mjs OUT');
for (const [image, { workspace, reads = [] }] of Object.entries(IMAGES)) assemble(join(out, image), workspace, reads);

function assemble(folder, workspace, reads) {
  const { workspaces, packages } = productionTree(workspace);
  mkdirSync(join(folder, 'node_modules', '@trancendos'), { recursive: true });
  for (const name of workspaces) {
    copyWorkspace(name, folder);
    symlinkSync(join('..', '..', name), join(folder, 'node_modules', '@trancendos', name));
  }
  for (const path of packages) {
    const isOwnFile = (file) => !relative(inRoot(path), file).split('/').includes('node_modules') && !NOT_OF_DEPENDENCIES.test(file);
    cpSync(inRoot(path), join(folder, path), { recursive: true, filter: isOwnFile });
  }
  for (const path of reads) cpSync(inRoot(path), join(folder, path), { recursive: true });
  const { name, version, license } = readManifest('.');
  writeManifest(folder, { name: `${name}-${workspace}`, version, license, private: true, type: 'module', workspaces });
  writeFileSync(join(folder, 'sbom.cdx.json'), npm(folder, 'sbom', '--sbom-format=cyclonedx', '--omit=dev', '--omit=optional'));
}

/** The workspaces that one is made of, itself included, and the paths of all packages that they need at run time. */
function productionTree(workspace) {
  const listed = npm(root, 'ls', '--all', '--parseable', '--omit=dev', '--omit=optional', '-w', workspace).trim().split('\n');
  const paths = listed.map((path) => relative(root, path)).filter((path) => path !== '');
  const isWorkspace = (path) => workspaceFolders().includes(relative(root, realpathSync(inRoot(path))));
  return {
    workspaces: [...new Set(paths.filter(isWorkspace).map((path) => relative(root, realpathSync(inRoot(path)))))].sort(),
    packages: paths.filter((path) => !isWorkspace(path)),
  };
}

function copyWorkspace(name, folder) {
  const { name: fullName, version, type, exports, dependencies } = readManifest(name);
  mkdirSync(join(folder, name), { recursive: true });
  writeManifest(join(folder, name), { name: fullName, version, private: true, type, exports, dependencies });
  const isNeeded = (file) => !NOT_AT_RUN_TIME.test(file);
  for (const part of ['dist', ...DATA_FOLDERS].filter((part) => existsSync(inRoot(name, part))))
    cpSync(inRoot(name, part), join(folder, name, part), { recursive: true, filter: isNeeded });
}

function workspaceFolders() {
  return readManifest('.').workspaces;
}

function folderOf(part) {
  return (workspace) => (readdirSync(inRoot(workspace)).includes(part) ? [join(workspace, part)] : []);
}

function readManifest(folder) {
  return JSON.parse(readFileSync(inRoot(folder, 'package.json'), 'utf8'));
}

function writeManifest(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function npm(cwd, ...args) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] });
}
