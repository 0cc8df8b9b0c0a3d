import { useMessages } from '@trancendos/shell-api';
import { Button, Dialog, useCell } from '@trancendos/ui';
import { COMMAND_MESSAGES } from './command-messages.ts';
import type { OwnShell } from './make-shell.ts';
import { showKeys } from './show-keys.ts';

export interface HelpSheetProps {
  readonly shell: OwnShell;
  readonly onClose: () => void;
  readonly onSettings: () => void;
}

/** Every key that works at this moment, by where it works. */
export function HelpSheet({ shell, onClose, onSettings }: HelpSheetProps) {
  const text = useMessages(COMMAND_MESSAGES);
  const shortcuts = useCell(shell.shortcuts.current).filter(({ keys }) => keys !== '');
  const groups = [...Map.groupBy(shortcuts, ({ group }) => group)];
  return (
    <Dialog isOpen onClose={onClose} title={text.help} size="wide" actions={<Button onClick={onSettings}>{text.settings}</Button>}>
      <div className="help-groups">
        {groups.map(([group, own]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {own.map(({ id, keys, label }) => (
                <div key={id} className="help-line">
                  <dt>{label}</dt>
                  <dd>
                    <kbd>{showKeys(keys)}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
