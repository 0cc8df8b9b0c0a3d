import type { CommandOutcome, LedgerCommand } from '@trancendos/contracts/ledger-command';
import { changeAccount } from './change-account.ts';
import { compareCommands } from './compare-commands.ts';
import { CommandDecidedHere, type DecidedCommand } from './decided-command.ts';
import { Draft, type EntryFacts } from './draft.ts';
import type { BatchEffects, CommandEntry, EntryResult, Message } from './entry.ts';
import { exchangeMoney } from './exchange-money.ts';
import type { LedgerPolicy, LedgerState } from './ledger-state.ts';
import { moveLegs } from './move-legs.ts';
import { refuse, type Refusal } from './refusal.ts';
import { eventIdOf, renderCommandOutcome } from './render-command-outcome.ts';
import { timeOfId } from './time-of-id.ts';

/** Ids from clocks that are further ahead are refused: the ledger knows old commands from new ones by their time. */
const AHEAD_MAX_MS = 3_600_000;

/**
 * Does what a command asks, or says why not; either is its outcome for good. The same command again gives the same outcome and changes
 * nothing, and another command with its id is told what differs.
 */
export function applyCommand(state: LedgerState, effects: BatchEffects, entry: CommandEntry, policy: LedgerPolicy): EntryResult {
  const { command } = entry;
  const { committedAtMs } = effects;
  const id = command.command_id;
  if (state.decidedCommands.has(id)) {
    const known = state.commands.get(id);
    if (!known) throw new Error(`${id} is known, and what it was is not loaded`);
    effects.messages.push(messageOf(entry, null, answerAgain(known, entry)));
    return 'duplicate';
  }
  const madeAtMs = timeOfId(id);
  if (madeAtMs > committedAtMs + AHEAD_MAX_MS) {
    const refusal = refuse('id_in_future', `the id was made ${madeAtMs - committedAtMs} ms from now`, '/command_id');
    const told = new CommandDecidedHere({ entry, refusal, ledgerSeq: null, committedAtMs, transfers: [] });
    effects.messages.push(messageOf(entry, null, told));
    return 'duplicate';
  }
  const context = { policy, committedAtMs, facts: factsOf(entry) };
  let draft = new Draft(state, context);
  const refusal = refuseAsSuch(state, command) ?? carryOut(draft, command);
  if (refusal) draft = new Draft(state, context); // what it would have changed is let go; that it was refused is kept
  const { ledgerSeq, transfers } = draft;
  const decided = new CommandDecidedHere({ entry, refusal, hold: draft.holdOfEntry(), ledgerSeq, committedAtMs, transfers });
  const isTold = !refusal && isToldByTransfer(command);
  draft.accept(effects, messageOf(entry, ledgerSeq, decided, isTold));
  state.decidedCommands.add(id, { ledgerSeq, madeAtMs });
  state.commands.add(id, decided, { ledgerSeq, madeAtMs });
  if (!isTold) effects.commands.push({ decided, ledgerSeq });
  return 'decided';
}

/** An applied post without more is told by its transfer, which has the command's id: one row less for what there is most of. */
function isToldByTransfer(command: LedgerCommand): boolean {
  return command.kind === 'post' && command.effective_at === undefined && command.transfer_kind !== 'post';
}

function carryOut(draft: Draft, command: LedgerCommand): Refusal | undefined {
  switch (command.kind) {
    case 'open_account':
    case 'set_terms':
    case 'set_status':
      return changeAccount(draft, command);
    case 'exchange':
      return exchangeMoney(draft, command);
    case 'linked':
      return moveLegs(draft, command.command_id, command.legs);
    default:
      return moveLegs(draft, command.command_id, [command]);
  }
}

const BY_HAND: ReadonlySet<LedgerCommand['kind']> = new Set(['post', 'linked', 'exchange', 'reverse']);

/** What is wrong with the command whatever the accounts say. */
function refuseAsSuch(state: LedgerState, command: LedgerCommand): Refusal | undefined {
  const { kind, requested_by, approved_by, reason, epoch } = command;
  if (epoch !== undefined && epoch < state.epoch) {
    return refuse('epoch_stale', `epoch ${epoch} is over, ${state.epoch} holds`, '/epoch');
  }
  if (BY_HAND.has(kind) && (reason === undefined || reason.trim() === '')) {
    return refuse('reason_missing', `no reason is given for a command of kind ${kind}`, '/reason');
  }
  if (approved_by === requested_by) return refuse('approval_by_requester', `${requested_by} has asked and approved`, '/approved_by');
  return undefined;
}

/** The first outcome again; or, where the command is another one, what differs. */
function answerAgain({ command, outcome }: DecidedCommand, entry: CommandEntry): { readonly outcome: CommandOutcome } {
  const field = compareCommands(command, entry.command);
  if (field === undefined) return { outcome: { ...outcome, event_id: eventIdOf(entry.origin), repeated: true } };
  const refusal = refuse('id_reused', `${field} differs from the first command with this id`, field);
  const committedAtMs = Date.parse(outcome.committed_at);
  return { outcome: renderCommandOutcome({ entry, refusal, ledgerSeq: null, committedAtMs, transfers: [] }) };
}

function messageOf(entry: CommandEntry, ledgerSeq: number | null, decided: { readonly outcome: CommandOutcome }, isTold = false): Message {
  const toldBy = isTold ? entry.command.command_id : null;
  return { topic: 'commandOutcomes', ledgerSeq, key: entry.key, correlationId: entry.correlationId, decided, toldBy };
}

function factsOf({ origin, command }: CommandEntry): EntryFacts {
  return {
    origin,
    cause: {
      actor: 'command',
      model: null,
      ruleset: null,
      requestedBy: command.requested_by,
      approvedBy: command.approved_by ?? null,
      reason: command.reason ?? null,
    },
    decisionId: null,
    score: null,
    effectiveAtMs: command.effective_at === undefined ? undefined : Date.parse(command.effective_at),
  };
}
