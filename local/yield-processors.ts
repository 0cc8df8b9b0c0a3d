import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Makes a process that has just been started give way to the others where processors are short: `niceness` as of nice(1), 0 to 19.
 * Linux weighs sessions against each other before it weighs processes (sched(7), autogroup), and each of ours is one of its own, so the
 * session is told too; for a while only the session, because not everybody may take a process's own niceness back. Where a system will not
 * have it the process runs like any other: it is only about who comes first.
 */
export function yieldProcessors(pid: number, niceness: number, howLong: 'for good' | 'for a while' = 'for good'): void {
  const tellSession = () => writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  for (const tell of howLong === 'for good' ? [() => setPriority(pid, niceness), tellSession] : [tellSession]) {
    try {
      tell();
    } catch {
      // No such setting here, the process has ended, or it has been told too often within a second.
    }
  }
}
