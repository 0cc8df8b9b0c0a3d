import type { Action } from '@trancendos/contracts/decision';
import { CircleCheck, CirclePause, CircleX } from 'lucide-react';

const SHOWN = {
  approve: { word: 'Approved', tone: 'ok', Icon: CircleCheck },
  review: { word: 'Held', tone: 'warn', Icon: CirclePause },
  decline: { word: 'Declined', tone: 'bad', Icon: CircleX },
} as const;

/** The signal colour of a decision, as the name of a token. */
export function toneOf(action: Action): 'ok' | 'warn' | 'bad' {
  return SHOWN[action].tone;
}

/** What was decided: icon, word and colour, never one of them alone. */
export function DecisionLabel({ action }: { readonly action: Action }) {
  const { word, tone, Icon } = SHOWN[action];
  return (
    <span className="decision" data-tone={tone}>
      <Icon className="icon" aria-hidden />
      {word}
    </span>
  );
}
