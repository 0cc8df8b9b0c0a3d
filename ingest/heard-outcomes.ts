import { Outcome } from '@trancendos/contracts/outcome';
import { RecentMap } from './keep-recent.ts';
import { renderAnswer } from './render-answer.ts';

/** An announced outcome and what it answers. */
export interface Heard {
  readonly outcome: Outcome;
  readonly answer: string;
}

/** More than is announced until the event log brings it. */
const KEPT_MAX = 5_000;

/**
 * Outcomes that were read when the ledger announced them, until the event log brings the same. Only what is the same to the letter is
 * recalled, so that what is made of it is made of what the log says.
 */
export class HeardOutcomes {
  readonly #byText = new RecentMap<Heard>(KEPT_MAX);
  readonly #answers = new WeakMap<Outcome, string>();

  /** Reads an announced outcome and keeps it. Undefined for what is none: the event log brings the real one. */
  hear(text: string): Heard | undefined {
    const outcome = parseOutcome(text);
    if (outcome === undefined) return undefined;
    const heard = { outcome, answer: renderAnswer(outcome) };
    this.#byText.set(text, heard);
    return heard;
  }

  /** The outcome that `text` says, where exactly that was heard. It is recalled once. */
  recall(text: string): Outcome | undefined {
    const heard = this.#byText.get(text);
    if (heard === undefined) return undefined;
    this.#byText.delete(text);
    this.#answers.set(heard.outcome, heard.answer);
    return heard.outcome;
  }

  /** The answer to an outcome: rendered before, where it was recalled. */
  answerTo(outcome: Outcome): string {
    return this.#answers.get(outcome) ?? renderAnswer(outcome);
  }
}

function parseOutcome(text: string): Outcome | undefined {
  try {
    return Outcome.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
