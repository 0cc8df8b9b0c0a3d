import type { Entry, BatchEffects, Message } from './entry.ts';
import { chainBatch, hashTransfers, sealTree } from './hash-batch.ts';
import { inputName, type Input, type Journal } from './journal.ts';
import type { LedgerState } from './ledger-state.ts';

/** A batch as it is written: nothing in it changes any more. */
export interface SealedBatch {
  /** As the writer knows it before this batch, and as it is after it. */
  readonly before: Journal;
  readonly after: Journal;
  readonly entries: readonly Entry[];
  /** Up to where the batch takes each of its inputs, sorted by topic and partition. */
  readonly inputs: readonly Input[];
  readonly effects: BatchEffects;
  readonly merkleRoot: Buffer;
  /** Nodes of its tree, for proofs: see `sealTree`. */
  readonly blocks: Buffer;
  /** What it publishes: JSON, one message a line, in order. */
  readonly lines: readonly string[];
  /** What its messages say, in JSON; undefined for what a transfer tells, which is written when it is published. */
  readonly texts: readonly (string | undefined)[];
}

/** What an input is given as a number when it is first seen. */
const FIRST_INPUT_NUMBER = 1;

/** Puts the hash under a batch: over its transfers, its positions and the batch before it. `state` stands where the batch has left it. */
export function sealBatch(before: Journal, entries: readonly Entry[], effects: BatchEffects, state: LedgerState): SealedBatch {
  const inputs = inputsAfter(before, entries);
  const { root, blocks } = sealTree(hashTransfers(effects.transfers));
  const lastBatchSeq = before.lastBatchSeq + 1;
  const header = {
    batchSeq: lastBatchSeq,
    epoch: before.epoch,
    firstLedgerSeq: effects.firstSeq,
    entries: effects.entries,
    firstTransferSeq: effects.firstTransferSeq,
    transfers: effects.transfers.length,
    committedAtMs: effects.committedAtMs,
    inputs,
  };
  const allInputs = new Map(before.inputs);
  for (const input of inputs) allInputs.set(inputName(input), input);
  const after: Journal = {
    epoch: before.epoch,
    lastBatchSeq,
    lastSeq: state.lastSeq,
    lastTransferSeq: state.lastTransferSeq,
    lastAccountNumber: state.lastAccountNumber,
    lastCauseNumber: state.lastCauseNumber,
    lastHash: chainBatch(before.lastHash, header, root),
    lastCommittedAtMs: effects.committedAtMs,
    newestIdMs: before.newestIdMs,
    inputs: allInputs,
  };
  const texts = effects.messages.map(textOf);
  const lines = effects.messages.map((message, index) => lineOf(message, texts[index]));
  return { before, after, entries, inputs, effects, merkleRoot: root, blocks, lines, texts };
}

/**
 * A message as the outbox keeps it: where it goes, and what it says; of a command that its transfer tells, the command's id instead. JSON
 * has no line feed of its own, so lines need no escaping.
 */
function lineOf(message: Message, text: string | undefined): string {
  const { topic, key, correlationId } = message;
  const told = message.topic === 'outcomes' ? null : message.toldBy;
  return `${JSON.stringify([topic, key, correlationId]).slice(0, -1)},${text ?? JSON.stringify(told)}]`;
}

function textOf(message: Message): string | undefined {
  if (message.topic === 'outcomes') return JSON.stringify(message.value);
  return message.toldBy === null ? JSON.stringify(message.decided.outcome) : undefined;
}

/** The loop hands over every partition in order, so the last entry of each counts. */
function inputsAfter(before: Journal, entries: readonly Entry[]): Input[] {
  const last = new Map<string, Entry['origin']>();
  for (const [index, { origin }] of entries.entries()) {
    const next = entries[index + 1]?.origin;
    if (next?.topic !== origin.topic || next.partition !== origin.partition) last.set(inputName(origin), origin);
  }
  let newest = before.inputs.size + FIRST_INPUT_NUMBER - 1;
  const inputs = [...last].map(([name, { topic, partition, offset }]): Input => {
    const number = before.inputs.get(name)?.number ?? ++newest;
    return { number, topic, partition, nextOffset: offset + 1n };
  });
  return inputs.sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}
