import { useId, useMemo, useState, type KeyboardEvent } from 'react';
import { useMessages } from '@trancendos/shell-api';
import { Dialog, useCell } from '@trancendos/ui';
import { COMMAND_MESSAGES } from './command-messages.ts';
import { ID_KINDS, type IdKind } from './find-kinds.ts';
import type { OwnShell } from './make-shell.ts';
import { showKeys } from './show-keys.ts';
import { useKnownKinds } from './use-known-kinds.ts';

type LookUpMessages = (typeof COMMAND_MESSAGES)['en'];

interface Command {
  readonly id: string;
  readonly label: string;
  readonly keys: string;
  readonly run: () => void;
}

const RESULTS_MAX = 9;

/** Everything that a key does, and every page, by typing a part of its name. */
export function CommandPalette({ shell, onClose }: { readonly shell: OwnShell; readonly onClose: () => void }) {
  const text = useMessages(COMMAND_MESSAGES);
  const listId = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const results = useCommands(shell, query);
  const chosen = Math.min(at, results.length - 1);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((chosen + 1) % Math.max(1, results.length));
    else if (event.key === 'ArrowUp') setAt((chosen - 1 + results.length) % Math.max(1, results.length));
    else if (event.key === 'Enter') run(results[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog isOpen onClose={onClose} title={text.search} size="wide">
      <input
        className="input palette-input"
        role="combobox"
        aria-label={text.search}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={results[chosen] && `${listId}-${chosen}`}
        placeholder={text.find}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        autoFocus
      />
      <div id={listId} role="listbox" aria-label={text.results} className="palette-results">
        {results.map((command, index) => (
          <div
            key={command.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className="menu-item"
            data-highlighted={index === chosen || undefined}
            onClick={() => run(command)}
            onPointerMove={() => setAt(index)}
          >
            <span>{command.label}</span>
            {command.keys !== '' && <kbd>{showKeys(command.keys)}</kbd>}
          </div>
        ))}
      </div>
      {results.length === 0 && (
        <p className="second palette-nothing" role="status">
          {text.nothing}
        </p>
      )}
    </Dialog>
  );
}

function useCommands(shell: OwnShell, query: string): readonly Command[] {
  const text = useMessages(COMMAND_MESSAGES);
  const shortcuts = useCell(shell.shortcuts.current);
  const kinds = useKnownKinds(query.trim());
  return useMemo(() => {
    const wanted = query.trim().toLowerCase();
    const known: Command[] = shortcuts.filter(({ isHidden }) => !isHidden).map(({ id, label, keys, run }) => ({ id, label, keys, run }));
    const fitting = known.filter(({ label }) => wanted.split(/\s+/).every((word) => label.toLowerCase().includes(word)));
    return [...fitting, ...lookUps(query.trim(), kinds, shell, text)].slice(0, RESULTS_MAX);
  }, [query, kinds, shell, shortcuts, text]);
}

/** What was typed may be the id of something: of what the archive knows it as, or of anything while nobody has said. */
function lookUps(typed: string, known: readonly IdKind[] | undefined, shell: OwnShell, text: LookUpMessages): Command[] {
  if (typed.length < 3 || /\s/.test(typed)) return [];
  const id = encodeURIComponent(typed);
  const open = (kind: string, label: string, to: string) => ({ id: `look-up-${kind}`, label, keys: '', run: () => shell.navigate(to) });
  if (/^(customer|merchant|fee|clearing|settlement|funding):/.test(typed))
    return [open('ledger-account', text.openAccount(typed), `/ledger/accounts/${id}`)];
  if (/^dec_/.test(typed)) return [open('transaction', text.openTransaction(typed), `/tx/${id}`)];
  const kinds = known?.length ? known : ID_KINDS;
  return kinds.map((kind) =>
    kind === 'transaction'
      ? open(kind, text.openTransaction(typed), `/tx/${id}`)
      : open(kind, text[`open_${kind}`](typed), `/entity/${kind}/${id}`),
  );
}
