import { useMessages, useSession, useTheme } from '@trancendos/shell-api';
import { Menu, toggleTheme } from '@trancendos/ui';
import { nameRoles } from '../wording/name-role.ts';
import { COMMAND_MESSAGES } from './command-messages.ts';
import { CREDENTIAL_MESSAGES } from './credential-messages.ts';
import type { OwnShell } from './make-shell.ts';
import { PASSWORD_PATH } from './password-page.tsx';

export interface AccountMenuProps {
  readonly shell: OwnShell;
  readonly onSettings: () => void;
  readonly onHelp: () => void;
}

/** Who is signed in, with what belongs to them: settings, keys, signing out. */
export function AccountMenu({ shell, onSettings, onHelp }: AccountMenuProps) {
  const text = useMessages(COMMAND_MESSAGES);
  const { changePassword, demoHasNone } = useMessages(CREDENTIAL_MESSAGES);
  const session = useSession();
  const isDark = useTheme() === 'dark';
  const name = session?.user.name ?? '–';
  const trigger = (
    <button type="button" className="avatar" aria-label={`${initialsOf(name)}, ${text.account}: ${name}`} title={name}>
      {initialsOf(name)}
    </button>
  );
  const isSignedIn = session !== undefined;
  const password = {
    label: changePassword,
    run: () => shell.navigate(PASSWORD_PATH),
    disabledReason: session?.demo ? demoHasNone : undefined,
  };
  return (
    <Menu
      trigger={trigger}
      groups={[
        {
          title: session ? `${name} · ${session.demo ? text.demo : nameRoles(session.user.roles)}` : text.account,
          items: [
            { label: text.toggleTheme + (isDark ? ` (${text.light})` : ` (${text.dark})`), run: toggleTheme },
            { label: text.settings, run: onSettings },
            { label: text.help, run: onHelp, keys: '?' },
          ],
        },
        ...(isSignedIn ? [{ items: [password, { label: text.signOut, run: () => void shell.leave() }] }] : []),
      ]}
    />
  );
}

function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return ((words[0]?.[0] ?? '?') + (words[1]?.[0] ?? '')).toUpperCase();
}
