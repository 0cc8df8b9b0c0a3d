import type { ReactNode } from 'react';

export interface StatTileProps {
  readonly label: string;
  /** Undefined while it is not known: bars stand in. */
  readonly value: ReactNode;
  readonly unit?: string;
  /** What the number is compared with. */
  readonly second?: ReactNode;
  readonly tone?: 'ok' | 'warn' | 'bad';
}

/** One number with what it has to be compared with. */
export function StatTile({ label, value, unit, second, tone }: StatTileProps) {
  return (
    <div className="stat">
      <div className="stat-label">{label}</div>
      {value === undefined ? (
        <div className="appear-late" aria-hidden>
          <Skeleton width="96px" height="20px" />
          <Skeleton width="128px" height="12px" />
        </div>
      ) : (
        <>
          <div className="stat-value num" data-tone={tone}>
            {value}
            {unit !== undefined && <small> {unit}</small>}
          </div>
          <div className="second num">{second}</div>
        </>
      )}
    </div>
  );
}

/** A row of tiles with hairlines between them. */
export function StatStrip({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section className="stats" aria-label={label}>
      {children}
    </section>
  );
}

/** Stands where something will be. */
export function Skeleton({ width, height }: { readonly width: string; readonly height: string }) {
  return <div className="skeleton" style={{ width, height }} aria-hidden />;
}

/** As many lines as a table will have. */
export function SkeletonRows({ rows = 8, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div className="skeleton-rows appear-late" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} width={`${72 - ((index * 17) % 38)}%`} height="12px" />
      ))}
    </div>
  );
}
