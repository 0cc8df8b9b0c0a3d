import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Makes a process that has just been started give way to the others where processors are short: `niceness` as of nice(1), 1 to 19.
 * Linux weighs sessions against each other before it weighs processes (sched(7), autogroup), and each of ours is one of its own, so the
 * session is told too. Where a system will not have it the process runs like any other: it is only about who comes first.
 */
export function yieldProcessors(pid: number, niceness: number): void {
  for (const tell of [() => setPriority(pid, niceness), () => writeFileSync(`/proc/${pid}/autogroup`, String(niceness))]) {
    try {
      tell();
    } catch {
      // No such setting here, the process has ended, or it has been told too often within a second.
    }
  }
}
