import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { provideShell } from '@trancendos/shell-api';
import { readPreferences, showToast, UiRoot } from '@trancendos/ui';
import { Frame } from './frame.tsx';
import { followPresence } from './follow-presence.ts';
import { listenToKeys } from './listen-to-keys.ts';
import { makeShell } from './make-shell.ts';
import './utilities.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
// The gateway answers a sign-in link that does not hold with this page. Its token must not stay in the address.
const isLinkRefused = location.pathname === '/login' && location.search.includes('token=');
if (location.pathname === '/' || location.pathname === '/login')
  history.replaceState(null, '', location.pathname === '/login' ? '/live' : `/live${location.search}`);

readPreferences();
const shell = makeShell(showToast);
provideShell(shell);
listenToKeys(shell.shortcuts);
followPresence(shell.presence);

createRoot(root).render(
  <StrictMode>
    <UiRoot>
      <Frame shell={shell} isLinkRefused={isLinkRefused} />
    </UiRoot>
  </StrictMode>,
);
