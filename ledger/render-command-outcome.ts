import type { CommandOutcome } from '@trancendos/contracts/ledger-command';
import { toInstant } from '@trancendos/platform/clock';
import type { CommandEntry } from './entry.ts';
import { renderHold, type Hold } from './hold.ts';
import { describeRefusal, type Refusal } from './refusal.ts';
import { renderTransfer } from './render-transfer.ts';
import type { Origin, Transfer } from './transfer.ts';

export interface CommandResult {
  readonly entry: CommandEntry;
  /** Undefined where the command was applied. */
  readonly refusal: Refusal | undefined;
  /** The one hold that it placed or changed. */
  readonly hold?: Hold | undefined;
  readonly transfers: readonly Transfer[];
  /** Null where nothing entered the ledger. */
  readonly ledgerSeq: number | null;
  readonly committedAtMs: number;
}

/** What became of a command, as it is published and answered. */
export function renderCommandOutcome({ entry, refusal, hold, transfers, ledgerSeq, committedAtMs }: CommandResult): CommandOutcome {
  const { command, origin } = entry;
  return {
    event_id: eventIdOf(origin),
    command_id: command.command_id,
    kind: command.kind,
    status: refusal ? 'refused' : 'applied',
    code: refusal?.code ?? null,
    detail: refusal ? describeRefusal(refusal) : null,
    field: refusal?.field ?? null,
    repeated: false,
    requested_by: command.requested_by,
    approved_by: command.approved_by ?? null,
    reason: command.reason ?? null,
    transfers: transfers.map(renderTransfer),
    hold: hold ? renderHold(hold) : null,
    ledger_seq: ledgerSeq,
    committed_at: toInstant(committedAtMs),
  };
}

/** By the place of the message that asked, so that deciding it again gives the same. */
export function eventIdOf({ topic, partition, offset }: Origin): string {
  return `${topic}/${partition}/${offset}`;
}
