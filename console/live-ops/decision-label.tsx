import type { Action } from '@trancendos/contracts/decision';
import { CircleCheck, CirclePause, CircleX } from 'lucide-react';
import { memo } from 'react';
import { useMessages } from '@trancendos/shell-api';
import { DRAWER_MESSAGES } from './drawer-messages.ts';

const SHOWN = {
  approve: { word: 'approved', tone: 'ok', Icon: CircleCheck },
  review: { word: 'held', tone: 'warn', Icon: CirclePause },
  decline: { word: 'declined', tone: 'bad', Icon: CircleX },
} as const;

/** The signal colour of a decision, as the name of a token. */
export function toneOf(action: Action): 'ok' | 'warn' | 'bad' {
  return SHOWN[action].tone;
}

/** What was decided: icon, word and colour, never one of them alone. Most lines of the feed keep theirs while all else in them changes. */
export const DecisionLabel = memo(function DecisionLabel({ action }: { readonly action: Action }) {
  const text = useMessages(DRAWER_MESSAGES);
  const { word, tone, Icon } = SHOWN[action];
  return (
    <span className="decision" data-tone={tone}>
      <Icon className="icon" aria-hidden />
      <span className="decision-word">{text[word]}</span>
    </span>
  );
});
