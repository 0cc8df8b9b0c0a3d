import { useState } from 'react';
import { useApi, type Api, type UseApiOptions } from '@trancendos/shell-api';
import type { PanelState } from '@trancendos/ui';

/**
 * Reads `path`. With another path of the same `key`, such as the next minute's, what was read last stays until the next answer, and stays as
 * stale where none comes.
 */
export function useKeptApi<T>(path: string | undefined, key: string, options: UseApiOptions): Api<T> {
  const { state, retry } = useApi<T>(path, options);
  const [kept, setKept] = useState<{ readonly key: string; readonly state: PanelState<T> & { readonly kind: 'ready' } }>();
  if (state.kind === 'ready' && kept?.state !== state) setKept({ key, state });
  if (kept?.key !== key || state.kind === 'ready' || state.kind === 'denied') return { state, retry };
  return { state: state.kind === 'loading' ? kept.state : { ...kept.state, isStale: true }, retry };
}
