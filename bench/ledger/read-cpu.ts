import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** The processor time in microseconds that a process, its children, and those of them that have ended have used. Linux only. */
export type CpuMeter = () => number;

/**
 * A meter for the server whose first process is `pid`: undefined where the system does not tell (no /proc).
 * Every connection of PostgreSQL is a child of that process; the time of one that has ended is counted with its parent's.
 */
export function meterCpu(pid: () => number | undefined): CpuMeter | undefined {
  if (process.platform !== 'linux') return undefined;
  const microsPerTick = 1_000_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return () => {
    const server = pid();
    let ticks = 0;
    for (const name of readdirSync('/proc')) {
      const times = /^\d+$/.test(name) ? readTimes(name) : undefined;
      if (times === undefined) continue;
      if (times.pid === server) ticks += times.own + times.ended;
      else if (times.parent === server) ticks += times.own;
    }
    return ticks * microsPerTick;
  };
}

interface Times {
  readonly pid: number;
  readonly parent: number;
  readonly own: number;
  readonly ended: number;
}

/** Fields 4 and 14 to 17 of proc_pid_stat(5). The name before them stands in brackets and may hold anything. */
function readTimes(name: string): Times | undefined {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (field: number) => fields[field - 3] ?? 0;
    return { pid: Number(name), parent: at(4), own: at(14) + at(15), ended: at(16) + at(17) };
  } catch {
    return undefined; // It has ended meanwhile.
  }
}
