import { Compass, RotateCcw } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link, useLocale, useMessages, useSession, type Remote, type RemoteRoute } from '@trancendos/shell-api';
import { DeniedPanel, EmptyState, Notice, useCell } from '@trancendos/ui';
import { CrashBoundary } from './crash-boundary.tsx';
import { loadRemote, type Loaded, type LoadFailure } from './load-remote.ts';
import { matchRoute } from './match-route.ts';
import type { OwnShell } from './make-shell.ts';
import { SHELL_MESSAGES } from './messages.ts';
import { NAVIGATION } from './navigation.ts';
import { PASSWORD_PATH, PasswordPage } from './password-page.tsx';
import { findApp, readApps, type RemoteEntry } from './read-apps.ts';

const KitchenSink = lazy(() => import('./kitchen-sink.tsx').then(({ KitchenSink: Page }) => ({ default: Page })));
const KITCHEN_SINK_PATH = '/dev/kitchen-sink';

export interface RemoteHostProps {
  readonly shell: OwnShell;
  readonly onTitle: (title: string) => void;
}

/** Loads the remote that the address belongs to when one of its pages opens, and shows the page. */
export function RemoteHost({ shell, onTitle }: RemoteHostProps) {
  const text = useMessages(SHELL_MESSAGES);
  const { path } = useCell(shell.location);
  const { apps, readAgain } = useApps();
  if (path === KITCHEN_SINK_PATH)
    return (
      <Suspense fallback={<LoadingPage />}>
        <KitchenSink />
      </Suspense>
    );
  if (path === PASSWORD_PATH) return <PasswordPage shell={shell} onTitle={onTitle} />;
  if (apps === 'loading') return <LoadingPage />;
  if (apps === 'away')
    return (
      <Notice title={text.appsAway} action={<RetryButton onRetry={readAgain} />}>
        {text.appsAwayText}
      </Notice>
    );
  const app = findApp(apps, path);
  if (!app) return <NotFound />;
  return <RemoteFrame key={`${app.id} ${app.version}`} app={app} shell={shell} onTitle={onTitle} />;
}

/** Remotes that run already, by id and version: coming back to one shows it at once. */
const running = new Map<string, Remote>();

function RemoteFrame({ app, shell, onTitle }: RemoteHostProps & { readonly app: RemoteEntry }) {
  const [attempt, setAttempt] = useState(0);
  const [outcome, setOutcome] = useState<Loaded | undefined>(() => {
    const remote = running.get(`${app.id} ${app.version}`);
    return remote && { kind: 'loaded', remote };
  });
  useEffect(() => {
    if (outcome) return undefined;
    let isGone = false;
    void loadRemote(app, attempt).then((loaded) => {
      if (loaded.kind === 'loaded') running.set(`${app.id} ${app.version}`, loaded.remote);
      if (!isGone) setOutcome(loaded);
    });
    return () => {
      isGone = true;
    };
  }, [app, attempt, outcome]);
  const retry = () => {
    setAttempt(attempt + 1);
    setOutcome(undefined);
  };
  if (!outcome) return <LoadingPage />;
  if (outcome.kind !== 'loaded') return <RemoteFailure app={app} failure={outcome} onRetry={retry} />;
  return <RemotePage remote={outcome.remote} shell={shell} onTitle={onTitle} />;
}

function RemotePage({ remote, shell, onTitle }: RemoteHostProps & { readonly remote: Remote }) {
  const text = useMessages(SHELL_MESSAGES);
  const language = useLocale();
  const { path } = useCell(shell.location);
  const session = useSession();
  const found = findRoute(remote, path);
  const title = found && (typeof found.route.title === 'string' ? found.route.title : found.route.title(language));
  const parameters = JSON.stringify(found?.params ?? {});
  useEffect(() => onTitle(title ?? remote.title), [onTitle, title, remote.title]);
  useEffect(() => shell.setParams(JSON.parse(parameters) as Record<string, string>), [shell, parameters]);
  if (!found) return <NotFound />;
  const { capability, Page, path: pattern } = found.route;
  if (session && !session.capabilities.includes(capability))
    return <DeniedPanel title={text.deniedTitle}>{text.deniedText(capability)}</DeniedPanel>;
  const key = `${pattern} ${parameters} ${language}`;
  // The parameters reach the page one effect later; until then it would read those of the page before.
  if (JSON.stringify(shell.location.get().params) !== parameters) return null;
  return (
    <CrashBoundary
      key={key}
      fallback={(failure, retry) => (
        <Notice title={text.pageFailed} action={<RetryButton onRetry={retry} />}>
          {text.nothingHappened} <code className="mono">{failure}</code>
        </Notice>
      )}
    >
      <Page />
    </CrashBoundary>
  );
}

function RemoteFailure({
  app,
  failure,
  onRetry,
}: {
  readonly app: RemoteEntry;
  readonly failure: LoadFailure;
  readonly onRetry: () => void;
}) {
  const text = useMessages(SHELL_MESSAGES);
  const item = NAVIGATION.find(({ href }) => app.paths.includes(href));
  const name = item ? text[item.label] : app.id;
  const said = {
    broken: [text.remoteBroken(name), text.remoteBrokenText],
    corrupt: [text.remoteCorrupt(name), text.remoteCorruptText],
    slow: [text.remoteSlow(name), failure.kind === 'slow' ? text.remoteSlowText(failure.waitedMs / 1_000) : ''],
    contract: [text.remoteContract(name), failure.kind === 'contract' ? text.remoteContractText(failure.found, failure.wanted) : ''],
  } as const;
  const [title, explanation] = said[failure.kind];
  return (
    <div className="contents" data-remote-failure={failure.kind}>
      <Notice title={title} action={<RetryButton onRetry={onRetry} />}>
        {explanation} {'detail' in failure && <code className="mono">{failure.detail}</code>}
      </Notice>
    </div>
  );
}

function NotFound() {
  const text = useMessages(SHELL_MESSAGES);
  return (
    <EmptyState
      title={text.notFound}
      Icon={Compass}
      action={
        <Link className="button" href="/live">
          {text.goLive}
        </Link>
      }
    >
      {text.notFoundText}
    </EmptyState>
  );
}

function RetryButton({ onRetry }: { readonly onRetry: () => void }) {
  const text = useMessages(SHELL_MESSAGES);
  return (
    <button type="button" className="button" onClick={onRetry}>
      <RotateCcw className="icon" aria-hidden /> {text.tryAgain}
    </button>
  );
}

/** Bars where the page will be, after a moment: most remotes are there before. */
function LoadingPage() {
  const text = useMessages(SHELL_MESSAGES);
  return (
    <div className="loading-page appear-late" role="status" aria-label={text.loading}>
      {[36, 62, 54, 70, 48].map((width) => (
        <div key={width} className="skeleton h-4" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

function findRoute(
  remote: Remote,
  path: string,
): { readonly route: RemoteRoute; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const route of remote.routes) {
    const params = matchRoute(route.path, path);
    if (params) return { route, params };
  }
  return undefined;
}

type Apps = readonly RemoteEntry[] | 'loading' | 'away';

function useApps(): { readonly apps: Apps; readonly readAgain: () => void } {
  const [apps, setApps] = useState<Apps>('loading');
  useEffect(() => {
    if (apps !== 'loading') return undefined;
    let isGone = false;
    void readApps().then((read) => {
      if (!isGone) setApps(read ?? 'away');
    });
    return () => {
      isGone = true;
    };
  }, [apps]);
  return { apps, readAgain: () => setApps('loading') };
}
