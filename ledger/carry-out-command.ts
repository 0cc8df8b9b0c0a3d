import type { CommandOutcome, LedgerCommand } from '@trancendos/contracts/ledger-command';
import { nowMs, pause } from '@trancendos/platform/clock';
import type { Publisher } from '@trancendos/platform/publish';
import type pg from 'pg';
import { accountOfCommand } from './account-of-command.ts';
import { compareCommands } from './compare-commands.ts';
import { findCommands } from './find-commands.ts';
import type { DecidedCommand } from './decided-command.ts';
import type { SealedBatch } from './seal-batch.ts';

export interface CommandDeskOptions {
  readonly publisher: Pick<Publisher, 'publish'>;
  /** For reading what is committed. */
  readonly pool: Pick<pg.Pool, 'query'>;
  /** How long a command is waited for. */
  readonly waitMs: number;
}

/** What a caller is told. `reused`: the id belongs to another command; `field` is where they differ, as a JSON pointer. */
export type CommandReply =
  | { readonly kind: 'decided'; readonly decided: DecidedCommand; readonly repeated: boolean }
  | { readonly kind: 'reused'; readonly field: string }
  | { readonly kind: 'pending' };

/** Where the writer is another process than this one, its commits are noticed by looking. */
const LOOK_EVERY_MS = 100;

/**
 * Takes commands from callers who wait: publishes each to the one log that the writer reads, and waits until its outcome is committed. An
 * id that is known is answered without anything being published.
 */
export class CommandDesk {
  readonly #options: CommandDeskOptions;
  readonly #waiting = new Map<string, Set<(outcome: CommandOutcome) => void>>();

  constructor(options: CommandDeskOptions) {
    this.#options = options;
  }

  /** Rejects with `PublishError` where the log does not take the command; it may have it all the same, and sending it again is safe. */
  async carryOut(command: LedgerCommand, requestId: string): Promise<CommandReply> {
    const known = await this.find(command.command_id);
    if (known) return answer(command, known, true);
    const waiting = this.#wait(command.command_id);
    try {
      await this.#options.publisher.publish('ledgerCommands', accountOfCommand(command), command, requestId);
      for (const untilMs = nowMs() + this.#options.waitMs; nowMs() < untilMs;) {
        const noticed = await Promise.race([waiting.nextOutcome(), pause(LOOK_EVERY_MS)]);
        // An outcome that did not enter the ledger is kept nowhere.
        if (noticed?.code === 'id_in_future') return { kind: 'decided', decided: { command, outcome: noticed }, repeated: false };
        const decided = await this.find(command.command_id);
        if (decided) return answer(command, decided, false);
      }
      return { kind: 'pending' };
    } finally {
      waiting.end();
    }
  }

  /** The command with that id, if its outcome is committed. */
  async find(commandId: string): Promise<DecidedCommand | undefined> {
    const [found] = await findCommands(this.#options.pool, [commandId]);
    return found;
  }

  /** To be called with every batch that this process commits. */
  noticeCommit({ effects }: Pick<SealedBatch, 'effects'>): void {
    if (this.#waiting.size === 0) return;
    for (const message of effects.messages) {
      if (message.topic !== 'commandOutcomes') continue;
      const { outcome } = message.decided;
      for (const notice of this.#waiting.get(outcome.command_id ?? '') ?? []) notice(outcome);
    }
  }

  /** Listens for outcomes of that command until `end`. */
  #wait(commandId: string): { readonly nextOutcome: () => Promise<CommandOutcome>; readonly end: () => void } {
    let notice: (outcome: CommandOutcome) => void = () => undefined;
    const listener = (outcome: CommandOutcome) => notice(outcome);
    const listeners = this.#waiting.get(commandId) ?? new Set();
    this.#waiting.set(commandId, listeners.add(listener));
    // Before anything is published, so that no outcome is missed.
    let next = new Promise<CommandOutcome>((resolve) => (notice = resolve));
    const nextOutcome = () => {
      const awaited = next;
      void awaited.then(() => (next = new Promise((resolve) => (notice = resolve))));
      return awaited;
    };
    const end = () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#waiting.delete(commandId);
    };
    return { nextOutcome, end };
  }
}

function answer(command: LedgerCommand, decided: DecidedCommand, repeated: boolean): CommandReply {
  const field = compareCommands(decided.command, command);
  return field === undefined ? { kind: 'decided', decided, repeated } : { kind: 'reused', field };
}
