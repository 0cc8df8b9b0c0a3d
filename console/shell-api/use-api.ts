import type { PanelState } from '@trancendos/ui';
import { useCallback, useEffect, useState } from 'react';
import { callApi, type ApiAnswer } from './call-api.ts';

export interface UseApiOptions {
  /** Reads again after so long, as long as the page is in sight. */
  readonly everyMs?: number;
}

export interface Api<T> {
  /** For a `Panel`. Numbers that could not be read anew stay, marked as stale. */
  readonly state: PanelState<T>;
  readonly retry: () => void;
}

/** Reads `path` of the gateway and keeps it; undefined reads nothing yet. */
export function useApi<T>(path: string | undefined, { everyMs }: UseApiOptions = {}): Api<T> {
  const [held, setHeld] = useState<{ readonly path: string | undefined; readonly state: PanelState<T> }>({
    path,
    state: { kind: 'loading' },
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === undefined) return undefined;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isBackground = false;
    const read = async () => {
      const answer = document.hidden && everyMs !== undefined ? undefined : await callApi<T>(path, { signal: stop.signal, isBackground });
      isBackground = true;
      if (stop.signal.aborted) return;
      if (answer) setHeld((before) => ({ path, state: toState(answer, before.path === path ? before.state : { kind: 'loading' }) }));
      if (everyMs !== undefined) timer = setTimeout(() => void read(), everyMs);
    };
    void read();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [path, everyMs, round]);
  const retry = useCallback(() => {
    setHeld((before) => (before.state.kind === 'ready' ? before : { ...before, state: { kind: 'loading' } }));
    setRound((before) => before + 1);
  }, []);
  return { state: held.path === path ? held.state : { kind: 'loading' }, retry };
}

function toState<T>(answer: ApiAnswer<T>, before: PanelState<T>): PanelState<T> {
  if (answer.kind === 'ok') return { kind: 'ready', data: answer.data, atMs: Date.now(), isStale: false };
  if (answer.kind === 'denied') return { kind: 'denied', reason: answer.reason };
  if (answer.kind === 'missing') return { kind: 'failed', detail: '404', requestId: answer.requestId, isMissing: true };
  if (before.kind === 'ready') return { ...before, isStale: true };
  if (answer.kind === 'failed') return { kind: 'failed', detail: answer.detail, requestId: answer.requestId };
  return { kind: 'offline' };
}
