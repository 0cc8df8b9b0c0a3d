import { Activity, LogOut, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLiveSession } from '../live-ops/live-session.ts';
import { useCell } from '../ui/cell.ts';
import { theme, toggleTheme } from '../ui/theme.ts';
import { CrashBoundary } from './crash-boundary.tsx';
import { ConnectionPill } from './connection-pill.tsx';
import { Interruption } from './interruption.tsx';
import './frame.css';

export interface FrameProps {
  readonly title: string;
  /** The page was reached by a sign-in link that does not hold. */
  readonly isLinkRefused: boolean;
  readonly children: ReactNode;
}

/** What stands around every page: the rail, the title bar, and the state of the connection. */
export function Frame({ title, isLinkRefused, children }: FrameProps) {
  return (
    <div className="frame">
      <nav className="rail" aria-label="Pages">
        <a className="brand" href="/live" aria-label="Trancendos, live page">
          <Brand />
          <span>Trancendos</span>
        </a>
        <div className="rail-group">Operate</div>
        <a className="rail-link" href="/live" aria-current="page" aria-label="Live" title="Live">
          <Activity className="icon" aria-hidden />
          <span>Live</span>
        </a>
      </nav>
      <header className="title-bar">
        <h1>{title}</h1>
        <ConnectionPill />
        <div className="title-actions" id="page-actions">
          <ThemeToggle />
          <SignOut />
        </div>
      </header>
      <main className="page">
        <CrashBoundary>
          <Interruption isLinkRefused={isLinkRefused}>{children}</Interruption>
        </CrashBoundary>
      </main>
    </div>
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
  const current = useCell(theme);
  const label = current === 'dark' ? 'Use the light theme' : 'Use the dark theme';
  return (
    <button type="button" className="icon-button" onClick={toggleTheme} aria-label={label} title={label}>
      {current === 'dark' ? <Sun className="icon" aria-hidden /> : <Moon className="icon" aria-hidden />}
    </button>
  );
}

function SignOut() {
  const session = useLiveSession();
  if (useCell(session.connection).state === 'signed-out') return null;
  const signOut = () => {
    void fetch('/logout', { method: 'POST' })
      .catch(() => undefined)
      .then(() => session.retry());
  };
  return (
    <button type="button" className="icon-button" onClick={signOut} aria-label="Sign out" title="Sign out">
      <LogOut className="icon" aria-hidden />
    </button>
  );
}
