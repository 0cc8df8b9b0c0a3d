import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '@trancendos/platform/package-root';

/** Where the set-up unpacks the programs of Prometheus when the machine has none. */
const UNPACKED = join(packageRoot(import.meta.dirname), '..', '.local', 'tools', 'usr', 'bin');

export type ObservingProgram = 'prometheus' | 'promtool' | 'prometheus-alertmanager' | 'amtool';

/** Debian's Alertmanager does not start without its templates, and reads them from there. */
const TEMPLATES = '/usr/share/prometheus/alertmanager/default.tmpl';

/** How a program of Prometheus is called: by its name where it is in PATH, else where the set-up has unpacked it; undefined without either. */
export function findProgram(name: ObservingProgram): string | undefined {
  if (spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined) return name;
  const unpacked = join(UNPACKED, name);
  const canRun = existsSync(unpacked) && (name !== 'prometheus-alertmanager' || existsSync(TEMPLATES));
  return canRun ? unpacked : undefined;
}
