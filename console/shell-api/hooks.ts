import { useCell, locale, theme, density } from '@trancendos/ui';
import { useEffect, useMemo } from 'react';
import { shell, type PageLocation, type ToastMessage } from './shell.ts';
import type { Capability, Session } from './session.ts';
import type { Shortcut } from './shortcut.ts';
import type { Connection, SocketLink } from './socket-link.ts';

/** Who is signed in; undefined while nobody is, or while it is not known yet. */
export function useSession(): Session | undefined {
  const state = useCell(shell().session);
  return state.kind === 'signed-in' ? state.session : undefined;
}

/** Whether the reader may do something. */
export function useCan(capability: Capability): boolean {
  return useSession()?.capabilities.includes(capability) ?? false;
}

/** The console's socket. */
export function useSocket(): SocketLink {
  return shell().link;
}

export function useConnection(): Connection {
  return useCell(shell().link.connection);
}

export function useLocation(): PageLocation {
  return useCell(shell().location);
}

/** What the colons of the route's path stand for in the address. */
export function useParams(): PageLocation['params'] {
  return useLocation().params;
}

/** The parameters of the query, and a way to change some of them: undefined takes one away. Changes stand in for the present address. */
export function useSearch(): [URLSearchParams, (changes: Readonly<Record<string, string | undefined>>) => void] {
  const { path, search } = useLocation();
  const parameters = useMemo(() => new URLSearchParams(search), [search]);
  const change = (changes: Readonly<Record<string, string | undefined>>) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || value === '') next.delete(name);
      else next.set(name, value);
    }
    const query = next.toString();
    shell().navigate(query === '' ? path : `${path}?${query}`, { replace: true });
  };
  return [parameters, change];
}

type Navigate = (to: string, options?: { readonly replace?: boolean }) => void;
const navigate: Navigate = (to, options) => shell().navigate(to, options);

/** Goes to another address of the console; the same function in every rendering. */
export function useNavigate(): Navigate {
  return navigate;
}

/** Shows a short message that goes away by itself. */
export function useToast(): (message: ToastMessage) => void {
  return (message) => shell().toast(message);
}

/** Listens to keys as long as the component is on screen. */
export function useHotkeys(shortcuts: readonly Shortcut[]): void {
  useEffect(() => shell().shortcuts.register(shortcuts), [shortcuts]);
}

export const useLocale = () => useCell(locale);
export const useTheme = () => useCell(theme);
export const useDensity = () => useCell(density);
