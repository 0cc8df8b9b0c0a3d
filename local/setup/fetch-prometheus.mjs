import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled } from './check-machine.mjs';
import { inRoot } from './paths.mjs';
import { runStep, say } from './run-step.mjs';

const PACKAGES = ['prometheus', 'prometheus-alertmanager'];
const TOOLS = inRoot('.local', 'tools');
/** Debian's Alertmanager reads its templates there and nowhere else. */
const TEMPLATES = '/usr/share/prometheus/alertmanager';

/**
 * Makes sure that Prometheus and Alertmanager are there, or says in one line that they are not. Debian's packages are unpacked beside the
 * data of the run and not installed: that needs no root, and no service starts with the machine.
 */
export async function fetchPrometheus() {
  if (!PACKAGES.every((name) => isInstalled(name) || existsSync(join(TOOLS, 'usr', 'bin', name)))) await unpackPackages();
  const unpacked = join(TOOLS, TEMPLATES);
  if (process.getuid?.() === 0 && existsSync(unpacked) && !existsSync(TEMPLATES)) cpSync(unpacked, TEMPLATES, { recursive: true });
}

async function unpackPackages() {
  if (!isInstalled('apt-get') || !isInstalled('dpkg-deb')) return say(withoutThem('this machine has no apt'));
  const folder = mkdtempSync(join(tmpdir(), 'debian-'));
  const unfinished = `${TOOLS}.new-${process.pid}`;
  try {
    await download(folder);
    mkdirSync(unfinished, { recursive: true });
    for (const file of readdirSync(folder)) await runStep(`Unpacking ${file}`, 'dpkg-deb', ['-x', join(folder, file), unfinished]);
    rmSync(TOOLS, { recursive: true, force: true });
    renameSync(unfinished, TOOLS);
  } catch (error) {
    say(withoutThem(error.message.split('\n')[0]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

async function download(cwd) {
  const fetch = () => runStep('Fetching Prometheus and Alertmanager', 'apt-get', ['download', '-qq', ...PACKAGES], { cwd });
  try {
    await fetch();
  } catch (error) {
    if (process.getuid?.() !== 0) throw error;
    await runStep('Fetching the package lists', 'apt-get', ['update', '-qq']);
    await fetch();
  }
}

const withoutThem = (reason) =>
  `Prometheus and Alertmanager are not here (${reason}): install the packages ${PACKAGES.join(' and ')}, or set PROMETHEUS_URL and ALERTMANAGER_URL.`;
