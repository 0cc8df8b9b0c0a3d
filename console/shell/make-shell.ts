import type { NavigateOptions, PageLocation, SessionState, Shell, ToastMessage } from '@trancendos/shell-api';
import { Cell } from '@trancendos/ui';
import { openSocket } from './open-socket.ts';
import { readSession } from './read-session.ts';
import { ShortcutBook } from './shortcut-book.ts';

/** The shell's own side of what it provides: the page's route is matched when its remote is there. */
export interface OwnShell extends Shell {
  readonly shortcuts: ShortcutBook;
  /** Says what the colons of the route on screen stand for. */
  setParams(params: PageLocation['params']): void;
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
    navigate: (to: string, { replace = false }: NavigateOptions = {}) => {
      if (replace) history.replaceState(null, '', to);
      else history.pushState(null, '', to);
      follow();
    },
  };
}
