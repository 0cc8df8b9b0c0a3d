import { Search } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { messagesOf, useHotkeys, useLocale, useMessages, type Shortcut } from '@trancendos/shell-api';
import { toggleTheme, useCell } from '@trancendos/ui';
import { AccountMenu } from './account-menu.tsx';
import { COMMAND_MESSAGES } from './command-messages.ts';
import { CommandPalette } from './command-palette.tsx';
import { ConnectionPill } from './connection-pill.tsx';
import { CREDENTIAL_MESSAGES } from './credential-messages.ts';
import { HelpSheet } from './help-sheet.tsx';
import { Interruption } from './interruption.tsx';
import type { OwnShell } from './make-shell.ts';
import { SHELL_MESSAGES } from './messages.ts';
import { NAVIGATION } from './navigation.ts';
import { PASSWORD_PATH } from './password-page.tsx';
import { Rail } from './rail.tsx';
import { RemoteHost } from './remote-host.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { showKeys } from './show-keys.ts';
import './frame.css';

export interface FrameProps {
  readonly shell: OwnShell;
  /** The page was reached by a sign-in link that does not hold. */
  readonly isLinkRefused: boolean;
}

type Overlay = 'palette' | 'help' | 'settings';

/** What stands around every page: the rail, the title bar, and what opens over it. */
export function Frame({ shell, isLinkRefused }: FrameProps) {
  const text = useMessages(COMMAND_MESSAGES);
  const [title, setTitle] = useState('Trancendos');
  const [overlay, setOverlay] = useState<Overlay>();
  const showTitle = useCallback((next: string) => {
    setTitle(next);
    document.title = `${next} · Trancendos`;
  }, []);
  useHotkeys(useShellShortcuts(shell, setOverlay));
  const close = () => setOverlay(undefined);
  return (
    <div className="frame">
      <a className="skip-link" href="#page">
        {text.skip}
      </a>
      <Rail path={useCell(shell.location).path} />
      <header className="title-bar">
        <h1>{title}</h1>
        <ConnectionPill />
        <button type="button" className="find" onClick={() => setOverlay('palette')}>
          <Search className="icon" aria-hidden />
          <span>{text.find}</span>
          <kbd aria-hidden>{showKeys('$mod+k')}</kbd>
        </button>
        <AccountMenu shell={shell} onSettings={() => setOverlay('settings')} onHelp={() => setOverlay('help')} />
      </header>
      <main className="page" id="page" tabIndex={-1}>
        <Interruption shell={shell} isLinkRefused={isLinkRefused}>
          <RemoteHost shell={shell} onTitle={showTitle} />
        </Interruption>
      </main>
      <p className="visually-hidden" role="status">
        {title}
      </p>
      {overlay === 'palette' && <CommandPalette shell={shell} onClose={close} />}
      {overlay === 'help' && <HelpSheet shell={shell} onClose={close} onSettings={() => setOverlay('settings')} />}
      {overlay === 'settings' && <SettingsDialog shell={shell} onClose={close} />}
    </div>
  );
}

/** What works on every page. */
function useShellShortcuts(shell: OwnShell, open: (overlay: Overlay) => void): readonly Shortcut[] {
  const language = useLocale();
  return useMemo(() => {
    const text = messagesOf(COMMAND_MESSAGES, language);
    const { changePassword } = messagesOf(CREDENTIAL_MESSAGES, language);
    const pages = messagesOf(SHELL_MESSAGES, language);
    return [
      { id: 'shell.palette', keys: '$mod+k', label: text.showPalette, group: text.everywhere, run: () => open('palette'), isHidden: true },
      { id: 'shell.help', keys: 'Shift+?', label: text.showHelp, group: text.everywhere, run: () => open('help') },
      { id: 'shell.settings', keys: 'g s', label: text.showSettings, group: text.everywhere, run: () => open('settings') },
      { id: 'shell.password', keys: 'g p', label: changePassword, group: text.everywhere, run: () => shell.navigate(PASSWORD_PATH) },
      { id: 'shell.theme', keys: 'g t', label: text.toggleTheme, group: text.everywhere, run: toggleTheme },
      ...NAVIGATION.map(({ href, label, key }) => ({
        id: `go${href}`,
        keys: `g ${key}`,
        label: text.goTo(pages[label]),
        group: text.pages,
        run: () => shell.navigate(href),
      })),
    ];
  }, [shell, open, language]);
}
