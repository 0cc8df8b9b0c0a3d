import { useEffect, useState } from 'react';
import { useDensity, useLocale, useMessages, useTheme, type Shortcut } from '@trancendos/shell-api';
import { Button, chooseDensity, chooseLocale, chooseTheme, Dialog, Select, useCell } from '@trancendos/ui';
import { COMMAND_MESSAGES } from './command-messages.ts';
import type { OwnShell } from './make-shell.ts';
import { keysOf, showKeys } from './show-keys.ts';

/** How the console looks and speaks, and which keys it listens to; remembered by this browser. */
export function SettingsDialog({ shell, onClose }: { readonly shell: OwnShell; readonly onClose: () => void }) {
  const text = useMessages(COMMAND_MESSAGES);
  return (
    <Dialog isOpen onClose={onClose} title={text.settings} size="wide">
      <div className="settings">
        <Appearance />
        <h3>{text.keys}</h3>
        <SingleKeys shell={shell} />
        <Keys shell={shell} />
      </div>
    </Dialog>
  );
}

function Appearance() {
  const text = useMessages(COMMAND_MESSAGES);
  return (
    <div className="settings-row">
      <Select
        label={text.theme}
        value={useTheme()}
        onValue={chooseTheme}
        options={[
          { value: 'dark', label: text.dark },
          { value: 'light', label: text.light },
        ]}
      />
      <Select
        label={text.density}
        value={useDensity()}
        onValue={chooseDensity}
        options={[
          { value: 'compact', label: text.compact },
          { value: 'comfortable', label: text.comfortable },
        ]}
      />
      <Select
        label={text.language}
        value={useLocale()}
        onValue={chooseLocale}
        options={[
          { value: 'en', label: 'English' },
          { value: 'fr', label: 'Français' },
        ]}
      />
    </div>
  );
}

function SingleKeys({ shell }: { readonly shell: OwnShell }) {
  const text = useMessages(COMMAND_MESSAGES);
  const isOn = useCell(shell.shortcuts.isSingleKeysOn);
  return (
    <label className="check-line">
      <input type="checkbox" checked={isOn} onChange={(event) => shell.shortcuts.switchSingleKeys(event.target.checked)} />
      <span>
        {text.singleKeys}
        <span className="second"> {text.singleKeysHint}</span>
      </span>
    </label>
  );
}

function Keys({ shell }: { readonly shell: OwnShell }) {
  const shortcuts = useCell(shell.shortcuts.current);
  const [asked, setAsked] = useState<string>();
  return (
    <ul className="key-list">
      {shortcuts.map((shortcut) => (
        <KeyLine
          key={shortcut.id}
          shell={shell}
          shortcut={shortcut}
          isAsked={asked === shortcut.id}
          onAsk={(isAsked) => setAsked(isAsked ? shortcut.id : undefined)}
        />
      ))}
    </ul>
  );
}

interface KeyLineProps {
  readonly shell: OwnShell;
  readonly shortcut: Shortcut;
  readonly isAsked: boolean;
  readonly onAsk: (isAsked: boolean) => void;
}

function KeyLine({ shell, shortcut, isAsked, onAsk }: KeyLineProps) {
  const text = useMessages(COMMAND_MESSAGES);
  const [fault, setFault] = useState<string>();
  const { shortcuts: book } = shell;
  useEffect(() => {
    if (!isAsked) return undefined;
    const take = (event: KeyboardEvent) => {
      const keys = keysOf(event);
      if (keys === undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const taken = book.current.get().find((other) => other.keys === keys && other.id !== shortcut.id);
      if (keys !== 'Escape' && !taken) book.choose(shortcut.id, keys);
      setFault(taken && text.taken(taken.label));
      onAsk(false);
    };
    window.addEventListener('keydown', take, { capture: true });
    return () => window.removeEventListener('keydown', take, { capture: true });
  }, [isAsked, book, shortcut.id, onAsk, text]);
  return (
    <li className="key-line">
      <span className="key-label">
        {shortcut.label}
        {fault !== undefined && <span className="second text-bad"> {fault}</span>}
      </span>
      {shortcut.keys === '' ? <span className="second">{text.off}</span> : <kbd>{showKeys(shortcut.keys)}</kbd>}
      <Button variant="quiet" aria-label={`${text.change}: ${shortcut.label}`} onClick={() => onAsk(true)}>
        {isAsked ? text.press : text.change}
      </Button>
      {book.isChanged(shortcut.id) ? (
        <Button variant="quiet" aria-label={`${text.reset}: ${shortcut.label}`} onClick={() => book.choose(shortcut.id, undefined)}>
          {text.reset}
        </Button>
      ) : (
        <Button variant="quiet" aria-label={`${text.switchOff}: ${shortcut.label}`} onClick={() => book.choose(shortcut.id, '')}>
          {text.switchOff}
        </Button>
      )}
    </li>
  );
}
