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
import { Presence } from './presence.ts';
import { readSession, type SessionQuestion } from './read-session.ts';
import { ShortcutBook } from './shortcut-book.ts';
import { whyEnded, type SessionEnd } from './why-ended.ts';

/** The shell's own side of what it provides: the page's route is matched when its remote is there. */
export interface OwnShell extends Shell {
  readonly shortcuts: ShortcutBook;
  readonly presence: Presence;
  /** Why the session that was here is over; undefined where there was none, or its reader has signed out. */
  readonly ended: Cell<SessionEnd | undefined>;
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
  const ended = new Cell<SessionEnd | undefined>(undefined);
  const ask = async (question: SessionQuestion) => {
    const before = session.get();
    const next = await readSession(question, before.kind === 'signed-in' ? before.session.csrf : undefined);
    if (session.get().kind === 'signed-out' && question === 'presence') return; // signed out while the answer was under way
    if (next.kind === 'signed-in') ended.set(undefined);
    else if (next.kind === 'signed-out' && before.kind === 'signed-in') ended.set(whyEnded(before.session, Date.now()));
    session.set(next.kind === 'away' && before.kind === 'signed-in' ? before : next);
  };
  const presence = new Presence({ nowMs: Date.now, report: () => ask('presence'), look: () => ask('background') });
  session.subscribe(() => {
    const state = session.get();
    presence.follow(state.kind === 'signed-in' ? state.session : undefined);
  });
  link.connection.subscribe(() => {
    const { state } = link.connection.get();
    // Opening the page is a use of the session; connecting again is not.
    if (state === 'connected' || state === 'signed-out') void ask(session.get().kind === 'unknown' ? 'use' : 'background');
  });
  const refreshSession = () => ask('use');
  return {
    session,
    ended,
    presence,
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
      ended.set(undefined);
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
