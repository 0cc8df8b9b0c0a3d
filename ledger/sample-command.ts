import type { LedgerCommand } from '@trancendos/contracts/ledger-command';
import type { CommandEntry } from './entry.ts';
import { SAMPLE_AT_MS } from './sample-decision.ts';

/** A command without what all of them have. */
export type BareCommand = LedgerCommand extends infer C
  ? C extends LedgerCommand
    ? Omit<C, 'command_id' | 'requested_by'> & Partial<Pick<C, 'command_id' | 'requested_by'>>
    : never
  : never;

/** The id of the `n`-th command of a test, made at that time. */
export function sampleCommandId(n: number, atMs = SAMPLE_AT_MS): string {
  const time = atMs.toString(16).padStart(12, '0');
  return `cmd_${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** The `n`-th command of a test, asked for by a service for a reason. */
export function sampleCommand(n: number, command: BareCommand): LedgerCommand {
  return { command_id: sampleCommandId(n), requested_by: 'back-office', reason: 'test', ...command };
}

/** A command as it reaches the writer, at that offset. */
export function commandEntry(command: LedgerCommand, offset = 0): CommandEntry {
  const origin = { topic: 'ledger-commands.v1', partition: 0, offset: BigInt(offset) };
  return { kind: 'command', origin, command, key: 'k', correlationId: 'req', receivedAtMs: SAMPLE_AT_MS + 7 };
}
