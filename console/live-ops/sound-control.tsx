import { Volume2, VolumeX } from 'lucide-react';
import { useState } from 'react';
import { useMessages } from '@trancendos/shell-api';
import { Button, Dialog, useCell } from '@trancendos/ui';
import { LIVE_MESSAGES } from './live-messages.ts';
import { useLiveSession } from './live-session.ts';

/** Whether the page makes itself heard, and the way to change when it does. */
export function SoundControl() {
  const text = useMessages(LIVE_MESSAGES);
  const { sound } = useLiveSession();
  const { isOn } = useCell(sound.choice);
  const isWaiting = useCell(sound.isWaiting);
  const [isOpen, setOpen] = useState(false);
  const state = isOn ? (isWaiting ? text.soundWaits : text.soundOn) : text.soundOff;
  return (
    <>
      <button
        type="button"
        className="button"
        title={state}
        aria-label={state}
        data-sound={isOn ? 'on' : 'off'}
        onClick={() => setOpen(true)}
      >
        {isOn ? (
          <Volume2 className={`icon ${isWaiting ? 'text-warn' : 'text-accent'}`} aria-hidden />
        ) : (
          <VolumeX className="icon" aria-hidden />
        )}
        {text.sound}
      </button>
      {isOpen && <SoundDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function SoundDialog({ onClose }: { readonly onClose: () => void }) {
  const text = useMessages(LIVE_MESSAGES);
  const { sound } = useLiveSession();
  const { isOn, fromScore, forWatched } = useCell(sound.choice);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text.soundTitle}
      description={text.soundText}
      actions={<Button onClick={() => sound.tryOut()}>{text.soundTry}</Button>}
    >
      <div className="sound-choice">
        <label className="check-line">
          <input type="checkbox" checked={isOn} onChange={({ target }) => sound.choose({ isOn: target.checked })} />
          <span>{text.soundPlay}</span>
        </label>
        <label className="field">
          <span>{text.soundFrom}</span>
          <input
            type="number"
            className="input"
            min={0}
            max={1000}
            step={10}
            value={fromScore}
            onChange={({ target }) => sound.choose({ fromScore: Math.min(1_000, Math.max(0, Math.round(Number(target.value)))) })}
          />
        </label>
        <label className="check-line">
          <input type="checkbox" checked={forWatched} onChange={({ target }) => sound.choose({ forWatched: target.checked })} />
          <span>{text.soundWatched}</span>
        </label>
      </div>
    </Dialog>
  );
}
