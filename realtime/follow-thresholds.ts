import type { Hello } from '@trancendos/contracts/socket';
import type { Resource } from '@trancendos/platform/run';
import { z } from 'zod';
import { fetchBounded } from './fetch-bounded.ts';
import { readAnswer } from './read-answer.ts';

export type Thresholds = Hello['thresholds'];

/** Above every score: until scoring has said where its thresholds are, none is drawn. */
export const UNKNOWN_THRESHOLDS: Thresholds = { review: 1_001, decline: 1_001 };
const UNKNOWN_EVERY_MS = 2_000;
/** A model may be changed while consoles are open. */
const KNOWN_EVERY_MS = 15_000;

const ModelAnswer = z.object({ thresholds: z.object({ review: z.int(), decline: z.int() }) });

export interface ThresholdsFollower extends Resource {
  current(): Thresholds;
}

/** Asks scoring for the thresholds of its model, and again from time to time. `onChange` is called when they are others than before. */
export function followThresholds(scoringUrl: string, onChange: (thresholds: Thresholds) => void): ThresholdsFollower {
  const address = new URL('/v1/model', scoringUrl);
  let current = UNKNOWN_THRESHOLDS;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const poll = async () => {
    const answer = readAnswer(await fetchBounded(address, { timeoutMs: 1_500, bytesMax: 262_144 }), ModelAnswer);
    if (stopped) return;
    const known = answer?.thresholds;
    if (known && (known.review !== current.review || known.decline !== current.decline)) {
      current = known;
      onChange(known);
    }
    timer = setTimeout(() => void poll(), current === UNKNOWN_THRESHOLDS ? UNKNOWN_EVERY_MS : KNOWN_EVERY_MS);
  };
  void poll();
  return {
    current: () => current,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return Promise.resolve();
    },
  };
}
