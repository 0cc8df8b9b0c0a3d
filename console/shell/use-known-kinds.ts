import { useEffect, useState } from 'react';
import { useCan } from '@trancendos/shell-api';
import { findKinds, isLikeAnId, type IdKind } from './find-kinds.ts';

const TYPING_RESTS_MS = 250;

/** What the archive knows a typed id as, once the typing rests; undefined while nobody has said. */
export function useKnownKinds(typed: string): readonly IdKind[] | undefined {
  const mayAsk = useCan('decisions:read');
  const [found, setFound] = useState<{ readonly id: string; readonly kinds: readonly IdKind[] | undefined }>();
  useEffect(() => {
    if (!mayAsk || !isLikeAnId(typed)) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void findKinds(typed, stop.signal).then((kinds) => {
        if (!stop.signal.aborted) setFound({ id: typed, kinds });
      });
    }, TYPING_RESTS_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [typed, mayAsk]);
  return found?.id === typed ? found.kinds : undefined;
}
