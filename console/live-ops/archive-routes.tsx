import { lazy, Suspense, type ComponentType } from 'react';
import type { RemoteRoute } from '@trancendos/shell-api';
import { Skeleton } from '@trancendos/ui';

const capability = 'decisions:read';

/** The pages that read the archive. They are fetched when one of them opens: whoever watches does not wait for them. */
export const ARCHIVE_ROUTES: readonly RemoteRoute[] = [
  {
    path: '/tx/:id',
    title: 'Transaction',
    capability,
    Page: later(async () => (await import('./transaction-page.tsx')).TransactionPage),
  },
  {
    path: '/entity/:type/:id',
    title: (locale) => (locale === 'fr' ? 'Entité' : 'Entity'),
    capability,
    Page: later(async () => (await import('./entity-page.tsx')).EntityPage),
  },
];

function later(load: () => Promise<ComponentType>): ComponentType {
  const Page = lazy(async () => ({ default: await load() }));
  return function Later() {
    return (
      <Suspense fallback={<Waiting />}>
        <Page />
      </Suspense>
    );
  };
}

function Waiting() {
  return (
    <div className="loading-page appear-late" aria-busy>
      <Skeleton width="48%" height="16px" />
      <Skeleton width="64%" height="16px" />
    </div>
  );
}
