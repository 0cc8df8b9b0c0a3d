import type { Cell } from '@trancendos/ui';
import type { SessionState } from './session.ts';
import type { ShortcutTable } from './shortcut.ts';
import type { SocketLink } from './socket-link.ts';

/** Where the reader is: path, query and what the colons of the route's path stand for. */
export interface PageLocation {
  readonly path: string;
  /** With its `?`, or empty. */
  readonly search: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface NavigateOptions {
  /** Puts the address in the place of the present one instead of behind it in the history. */
  readonly replace?: boolean;
}

export interface ToastMessage {
  readonly title: string;
  readonly description?: string;
  readonly tone?: 'neutral' | 'ok' | 'warn' | 'bad';
}

/** Everything that the shell does for remotes. They reach it by the hooks of this package. */
export interface Shell {
  readonly session: Cell<SessionState>;
  readonly location: Cell<PageLocation>;
  readonly link: SocketLink;
  readonly shortcuts: ShortcutTable;
  navigate(to: string, options?: NavigateOptions): void;
  toast(message: ToastMessage): void;
  /** Asks the gateway again who is signed in. */
  refreshSession(): Promise<void>;
}

let provided: Shell | undefined;

/** Called once by the shell, before any remote is loaded. */
export function provideShell(shell: Shell): void {
  provided = shell;
}

/** The shell around this page. */
export function shell(): Shell {
  if (!provided) throw new Error('no shell has been provided: provideShell comes first');
  return provided;
}
