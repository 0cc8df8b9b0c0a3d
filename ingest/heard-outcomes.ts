import type { Outcome } from '@trancendos/contracts/outcome';
import { RecentMap } from '@trancendos/platform/keep-recent';
import { readMessage, Unreadable } from '@trancendos/platform/read-message';
import { renderAnswer } from './render-answer.ts';

/** An announced outcome and what it answers. */
export interface Heard {
  readonly outcome: Outcome;
  readonly answer: string;
}

/** More than is announced until the event log brings it. */
const KEPT_MAX = 5_000;
const SEQUENCE = '"ledger_seq":';

/**
 * Outcomes that were read when the ledger announced them, until the event log brings the same. Only what is the same to the letter is
 * recalled, so that what is made of it is made of what the log says.
 */
export class HeardOutcomes {
  /** By their places in the ledger. */
  readonly #heard = new RecentMap<Heard & { readonly text: string }, number>(KEPT_MAX);
  readonly #answers = new WeakMap<Outcome, string>();

  /** Reads an announced outcome and keeps it. Undefined for what is none: the event log brings the real one. */
  hear(text: string): Heard | undefined {
    const outcome = readMessage('outcomes', text);
    if (outcome instanceof Unreadable) return undefined;
    const answer = renderAnswer(outcome);
    this.#heard.set(placeOf(text), { text, outcome, answer });
    return { outcome, answer };
  }

  /** The outcome that `text` says, where exactly that was heard. It is recalled once. */
  recall(text: string): Outcome | undefined {
    const place = placeOf(text);
    const heard = this.#heard.get(place);
    if (heard?.text !== text) return undefined;
    this.#heard.delete(place);
    this.#answers.set(heard.outcome, heard.answer);
    return heard.outcome;
  }

  /** Whether the answer to an outcome is at hand. Of one that the log has just brought it says that it was heard, and answered, before. */
  knowsAnswer(outcome: Outcome): boolean {
    return this.#answers.has(outcome);
  }

  /** The answer to an outcome: rendered once, however often it is asked for. */
  answerTo(outcome: Outcome): string {
    let answer = this.#answers.get(outcome);
    if (answer === undefined) this.#answers.set(outcome, (answer = renderAnswer(outcome)));
    return answer;
  }
}

/** Its place in the ledger, near its end. As a number: V8 keeps every text that it looks for in a map in a table of its own, among what is old. */
function placeOf(text: string): number {
  const start = text.lastIndexOf(SEQUENCE) + SEQUENCE.length;
  return Number(text.slice(start, text.indexOf(',', start)));
}
