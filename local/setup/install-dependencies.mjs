import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { inRoot, root } from './paths.mjs';
import { runStep, SetupError } from './run-step.mjs';

const NODE_WANTED = 24;
const STAMP = inRoot('node_modules', '.installed-from');

/**
 * Installs what package-lock.json says, unless that has been done. An installation that was broken off has no stamp and is done again.
 * Not `npm ci`: it takes the lockfile's platforms for all there are, and some registries do not carry every platform's optional packages.
 * The lockfile stays as it is (`--no-save`): what a platform lacks in it is no change of ours.
 */
export async function installDependencies() {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockHash()) return;
  // npm writes this file last. Without it a folder is what a killed installation has left, packages without their files included.
  if (!existsSync(inRoot('node_modules', '.package-lock.json'))) rmSync(inRoot('node_modules'), { recursive: true, force: true });
  await runStep('Installing dependencies', ...npm('install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'), { cwd: root });
  writeFileSync(STAMP, lockHash());
}

/** The Node that everything else runs on: the one that npm has installed, or this one where it is new enough. */
export function nodeProgram() {
  const installed = inRoot('node_modules', '.bin', 'node');
  if (majorOf(installed) >= NODE_WANTED) return installed;
  if (majorOf(process.execPath) >= NODE_WANTED) return process.execPath;
  throw new SetupError(
    `Node ${NODE_WANTED} could not be installed by npm (package "node"), and this is ${process.version}: install Node ${NODE_WANTED}.`,
  );
}

/** npm as a command and its arguments: the very npm that has started this, else the one in PATH. */
export function npm(...args) {
  const started = process.env.npm_execpath;
  return started?.endsWith('.js') ? [process.execPath, [started, ...args]] : ['npm', args];
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');

function majorOf(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 ? Number(/^v(\d+)/.exec(stdout)?.[1]) : 0;
}
