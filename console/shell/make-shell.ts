import {
  callApi,
  messagesOf,
  type NavigateOptions,
  type PageLocation,
  type SessionState,
  type Shell,
  type ToastMessage,
} from '@trancendos/shell-api';
import { Cell } from '@trancendos/ui';
import { COMMAND_MESSAGES } from './command-messages.ts';
import { openSocket } from './open-socket.ts';
import { readSession } from './read-session.ts';
import { ShortcutBook } from './shortcut-book.ts';

/** The shell's own side of what it provides: the page's route is matched when its remote is there. */
export interface OwnShell extends Shell {
  readonly shortcuts: ShortcutBook;
  /** Says what the colons of the route on screen stand for. */
  setParams(params: PageLocation['params']): void;
  /** Looks again who is signed in, and connects. */
  enter(): Promise<void>;
  /** Signs out. */
  leave(): Promise<void>;
}

/** Makes the one object that remotes reach by the hooks of `shell-api`. */
export function makeShell(showToast: (message: ToastMessage) => void): OwnShell {
  const session = new Cell<SessionState>({ kind: 'unknown' });
  const here = new Cell<PageLocation>({ path: location.pathname, search: location.search, params: {} });
  const link = openSocket();
  const follow = () => {
    const { pathname: path, search } = location;
    const { params } = here.get();
    here.set({ path, search, params: path === here.get().path ? params : {} });
  };
  window.addEventListener('popstate', follow);
  const navigate = (to: string, { replace = false }: NavigateOptions = {}) => {
    if (replace) history.replaceState(null, '', to);
    else history.pushState(null, '', to);
    follow();
  };
  const refreshSession = async () => session.set(await readSession());
  link.connection.subscribe(() => {
    if (link.connection.get().state === 'connected' || link.connection.get().state === 'signed-out') void refreshSession();
  });
  return {
    session,
    location: here,
    link,
    shortcuts: new ShortcutBook(),
    refreshSession,
    toast: showToast,
    setParams: (params) => here.set({ ...here.get(), params }),
    enter: async () => {
      await refreshSession();
      if (/^\/(login|set-up)$/.test(location.pathname)) navigate('/live', { replace: true });
      link.retry();
    },
    leave: async () => {
      if (!(await signOut())) {
        const { signOutFailed: title, signOutFailedText: description } = messagesOf(COMMAND_MESSAGES);
        showToast({ title, description, tone: 'bad' });
        return;
      }
      session.set({ kind: 'signed-out' });
      link.socket.disconnect();
      link.connection.set({ ...link.connection.get(), state: 'signed-out' });
    },
    navigate,
  };
}

/** True when the session has ended, also where there was none. */
async function signOut(): Promise<boolean> {
  const answer = await callApi('/api/session', { method: 'DELETE' });
  // A gateway of the version before knows this address only.
  if (answer.kind === 'missing') return (await callApi('/logout', { method: 'POST' })).kind === 'ok';
  return answer.kind === 'ok' || answer.kind === 'signed-out';
}
