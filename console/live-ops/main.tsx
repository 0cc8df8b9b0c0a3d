import { shell, type Remote } from '@trancendos/shell-api';
import { LivePage } from './live-page.tsx';
import { LiveSession, LiveSessionContext } from './live-session.ts';
import { ARCHIVE_ROUTES } from './archive-routes.tsx';
import './utilities.css';

let session: LiveSession | undefined;

/** The feed is followed from the first time that the page opens, and goes on while the reader is elsewhere. */
function Live() {
  session ??= new LiveSession(shell().link);
  return (
    <LiveSessionContext value={session}>
      <LivePage />
    </LiveSessionContext>
  );
}

export const contract = 1;
export const remote: Remote = {
  id: 'live-ops',
  title: 'Live',
  routes: [
    { path: '/live', title: (locale) => (locale === 'fr' ? 'En direct' : 'Live'), capability: 'live:read', Page: Live },
    ...ARCHIVE_ROUTES,
  ],
};
