import { Outcome } from '@trancendos/contracts/outcome';
import { RecentMap } from '@trancendos/platform/keep-recent';
import { renderAnswer } from './render-answer.ts';

/** An announced outcome and what it answers. */
export interface Heard {
  readonly outcome: Outcome;
  readonly answer: string;
}

/** More than is announced until the event log brings it. */
const KEPT_MAX = 5_000;
/** The ledger's sequence number is in there. V8 copies what is that short; a longer piece would hold on to the whole text. */
const NAME_LENGTH = 12;

/**
 * Outcomes that were read when the ledger announced them, until the event log brings the same. Only what is the same to the letter is
 * recalled, so that what is made of it is made of what the log says.
 */
export class HeardOutcomes {
  /** By the end of its text. */
  readonly #heard = new RecentMap<Heard & { readonly text: string }>(KEPT_MAX);
  readonly #answers = new WeakMap<Outcome, string>();

  /** Reads an announced outcome and keeps it. Undefined for what is none: the event log brings the real one. */
  hear(text: string): Heard | undefined {
    const outcome = parseOutcome(text);
    if (outcome === undefined) return undefined;
    const answer = renderAnswer(outcome);
    this.#heard.set(endOf(text), { text, outcome, answer });
    return { outcome, answer };
  }

  /** The outcome that `text` says, where exactly that was heard. It is recalled once. */
  recall(text: string): Outcome | undefined {
    const heard = this.#heard.get(endOf(text));
    if (heard?.text !== text) return undefined;
    this.#heard.delete(endOf(text));
    this.#answers.set(heard.outcome, heard.answer);
    return heard.outcome;
  }

  /** The answer to an outcome: rendered once, however often it is asked for. */
  answerTo(outcome: Outcome): string {
    let answer = this.#answers.get(outcome);
    if (answer === undefined) this.#answers.set(outcome, (answer = renderAnswer(outcome)));
    return answer;
  }
}

/** An outcome ends with its place in the ledger. A map would read all of a longer name, each time that it is asked for one. */
function endOf(text: string): string {
  return text.slice(-NAME_LENGTH);
}

function parseOutcome(text: string): Outcome | undefined {
  try {
    return Outcome.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
