import { useEffect, useState, type ComponentType } from 'react';
import { useMessages } from '@trancendos/shell-api';
import { Button, Skeleton } from '@trancendos/ui';
import { INSIGHTS_MESSAGES } from './messages.ts';

export interface LaterChartProps<P> {
  /** Brings the code that draws it. The same function at every drawing. */
  readonly load: () => Promise<ComponentType<P>>;
  readonly heightPx: number;
  readonly drawn: P;
}

type Code<P> = { readonly kind: 'loading' | 'failed' } | { readonly kind: 'here'; readonly Chart: ComponentType<P> };

/** A chart whose code comes after the page. Where it does not come the rest of the page goes on, and its table can be read. */
export function LaterChart<P extends object>({ load, heightPx, drawn }: LaterChartProps<P>) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const [code, setCode] = useState<Code<P>>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isGone = false;
    load().then(
      (Chart) => !isGone && setCode({ kind: 'here', Chart }),
      () => !isGone && setCode({ kind: 'failed' }),
    );
    return () => {
      isGone = true;
    };
  }, [load, attempt]);
  return (
    <div className="insights-chart" style={{ height: heightPx }} data-chart={code.kind}>
      {code.kind === 'here' && <code.Chart {...drawn} />}
      {code.kind === 'loading' && <Skeleton width="100%" height="100%" />}
      {code.kind === 'failed' && (
        <p className="insights-no-chart">
          {text.noChart} <Button onClick={() => setAttempt(attempt + 1)}>{text.tryAgain}</Button>
        </p>
      )}
    </div>
  );
}
