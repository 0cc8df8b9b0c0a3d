import type { CommandOutcome, LedgerCommand } from '@trancendos/contracts/ledger-command';
import { renderCommandOutcome, type CommandResult } from './render-command-outcome.ts';

/** A command that has had its outcome. */
export interface DecidedCommand {
  readonly command: LedgerCommand;
  readonly outcome: CommandOutcome;
}

/** One that was decided here. Its outcome is worded when somebody wants to read it, not while the batch is being decided. */
export class CommandDecidedHere implements DecidedCommand {
  readonly #result: CommandResult;
  #outcome: CommandOutcome | undefined;

  constructor(result: CommandResult) {
    this.#result = result;
  }

  get command(): LedgerCommand {
    return this.#result.entry.command;
  }

  get outcome(): CommandOutcome {
    return (this.#outcome ??= renderCommandOutcome(this.#result));
  }
}
