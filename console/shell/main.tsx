import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LivePage } from '../live-ops/live-page.tsx';
import { LiveSession, LiveSessionContext } from '../live-ops/live-session.ts';
import { Frame } from './frame.tsx';
import '../ui/fonts.css';
import '../ui/tokens.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
// The gateway answers a sign-in link that does not hold with this page. Its token must not stay in the address.
const isLinkRefused = location.pathname === '/login';
if (location.pathname !== '/live') history.replaceState(null, '', isLinkRefused ? '/live' : `/live${location.search}`);

const session = new LiveSession();
session.open();

createRoot(root).render(
  <StrictMode>
    <LiveSessionContext value={session}>
      <Frame title="Live" isLinkRefused={isLinkRefused}>
        <LivePage />
      </Frame>
    </LiveSessionContext>
  </StrictMode>,
);
