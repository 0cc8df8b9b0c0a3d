import { LogOut, Moon, Sun } from 'lucide-react';
import { useCallback, useState } from 'react';
import { Link, useMessages, useSession, useTheme } from '@trancendos/shell-api';
import { toggleTheme, useCell } from '@trancendos/ui';
import { ConnectionPill } from './connection-pill.tsx';
import { Interruption } from './interruption.tsx';
import type { OwnShell } from './make-shell.ts';
import { SHELL_MESSAGES } from './messages.ts';
import { NAVIGATION, type NavigationItem } from './navigation.ts';
import { RemoteHost } from './remote-host.tsx';
import './frame.css';

export interface FrameProps {
  readonly shell: OwnShell;
  /** The page was reached by a sign-in link that does not hold. */
  readonly isLinkRefused: boolean;
}

/** What stands around every page: the rail, the title bar, and the state of the connection. */
export function Frame({ shell, isLinkRefused }: FrameProps) {
  const [title, setTitle] = useState('Trancendos');
  const showTitle = useCallback((next: string) => {
    setTitle(next);
    document.title = `${next} · Trancendos`;
  }, []);
  return (
    <div className="frame">
      <Rail path={useCell(shell.location).path} />
      <header className="title-bar">
        <h1>{title}</h1>
        <ConnectionPill />
        <div className="title-actions" id="page-actions">
          <ThemeToggle />
          <SignOut shell={shell} />
        </div>
      </header>
      <main className="page">
        <Interruption isLinkRefused={isLinkRefused}>
          <RemoteHost shell={shell} onTitle={showTitle} />
        </Interruption>
      </main>
    </div>
  );
}

function Rail({ path }: { readonly path: string }) {
  const text = useMessages(SHELL_MESSAGES);
  const groups = Map.groupBy(NAVIGATION, ({ group }) => group);
  return (
    <nav className="rail" aria-label={text.pages}>
      <Link className="brand" href="/live" aria-label={text.brandLink}>
        <Brand />
        <span>Trancendos</span>
      </Link>
      {[...groups].map(([group, items]) => (
        <div key={group} className="rail-section">
          <div className="rail-group">{text[group]}</div>
          {items.map((item) => (
            <RailLink key={item.href} item={item} path={path} />
          ))}
        </div>
      ))}
    </nav>
  );
}

/** Leads to a page; where the reader may not see it, says why instead. */
function RailLink({ item, path }: { readonly item: NavigationItem; readonly path: string }) {
  const text = useMessages(SHELL_MESSAGES);
  const session = useSession();
  const label = text[item.label];
  const isCurrent = path === item.href || path.startsWith(`${item.href}/`);
  const isAllowed = session === undefined || session.capabilities.includes(item.capability);
  const content = (
    <>
      <item.Icon className="icon" aria-hidden />
      <span>{label}</span>
    </>
  );
  if (!isAllowed)
    return (
      <a className="rail-link" role="link" aria-disabled="true" tabIndex={0} aria-label={label} title={text.notAllowed(item.capability)}>
        {content}
      </a>
    );
  return (
    <Link className="rail-link" href={item.href} aria-current={isCurrent ? 'page' : undefined} aria-label={label} title={label}>
      {content}
    </Link>
  );
}

function Brand() {
  return (
    <svg viewBox="0 0 24 24" fill="none" width="22" height="22" strokeLinecap="round" aria-hidden>
      <path d="M3 6h18M12 6v15" stroke="var(--accent)" strokeWidth="2.6" />
      <path d="M6 21c0-6 2.5-9 6-9s6 3 6 9" stroke="var(--text)" strokeWidth="2.2" opacity=".85" />
    </svg>
  );
}

function ThemeToggle() {
  const text = useMessages(SHELL_MESSAGES);
  const current = useTheme();
  const label = current === 'dark' ? text.useLight : text.useDark;
  return (
    <button type="button" className="icon-button" onClick={toggleTheme} aria-label={label} title={label}>
      {current === 'dark' ? <Sun className="icon" aria-hidden /> : <Moon className="icon" aria-hidden />}
    </button>
  );
}

function SignOut({ shell }: { readonly shell: OwnShell }) {
  const text = useMessages(SHELL_MESSAGES);
  if (useCell(shell.link.connection).state === 'signed-out') return null;
  const signOut = () => {
    void fetch('/logout', { method: 'POST' })
      .catch(() => undefined)
      .then(() => shell.link.retry());
  };
  return (
    <button type="button" className="icon-button" onClick={signOut} aria-label={text.signOut} title={text.signOut}>
      <LogOut className="icon" aria-hidden />
    </button>
  );
}
