import type { FeedItem } from '@trancendos/contracts/socket';
import { Cell, recall, remember } from '@trancendos/ui';

/** When a tone is played. */
export interface SoundChoice {
  readonly isOn: boolean;
  /** From which score, 0 to 1000. */
  readonly fromScore: number;
  /** For watched entities, too, whatever the score. */
  readonly forWatched: boolean;
}

/** Plays the tone; false where the browser does not let it yet. */
export type PlayTone = () => boolean;

/** One tone in so long, however much happens. */
export const TONE_EVERY_MS = 3_000;
const STORED = 'sound';
const SILENT: SoundChoice = { isOn: false, fromScore: 700, forWatched: true };

/** Lets the reader hear what matters while they look elsewhere. Silent until they switch it on; the choice is kept by the browser. */
export class AlertSound {
  readonly choice = new Cell(readStored());
  /** The last tone was due and could not be played: browsers play nothing on a page that nobody has touched. */
  readonly isWaiting = new Cell(false);
  readonly #play: PlayTone;
  #playedAtMs = Number.NEGATIVE_INFINITY;

  constructor(play: PlayTone) {
    this.#play = play;
  }

  choose(change: Partial<SoundChoice>): void {
    const next = { ...this.choice.get(), ...change };
    remember(STORED, JSON.stringify(next));
    this.choice.set(next);
    this.isWaiting.set(false);
  }

  /** Takes in an outcome that has just come. */
  hear({ score }: Pick<FeedItem, 'score'>, isWatched: boolean, nowMs: number): void {
    const { isOn, fromScore, forWatched } = this.choice.get();
    if (!isOn || nowMs - this.#playedAtMs < TONE_EVERY_MS || !(score >= fromScore || (forWatched && isWatched))) return;
    this.#playedAtMs = nowMs;
    this.isWaiting.set(!this.#play());
  }

  /** Plays the tone because the reader wants to hear it. */
  tryOut(): void {
    this.isWaiting.set(!this.#play());
  }
}

function readStored(): SoundChoice {
  try {
    const { isOn, fromScore, forWatched } = JSON.parse(recall(STORED) ?? '{}') as Partial<SoundChoice>;
    return {
      isOn: isOn === true,
      fromScore: typeof fromScore === 'number' && fromScore >= 0 && fromScore <= 1_000 ? Math.round(fromScore) : SILENT.fromScore,
      forWatched: forWatched !== false,
    };
  } catch {
    return SILENT;
  }
}
