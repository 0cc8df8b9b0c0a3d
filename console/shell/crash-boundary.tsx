import { RotateCcw, TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';

interface CrashBoundaryState {
  readonly failure: string | undefined;
}

/** Stands in for a page that failed to draw, so that the frame around it stays. */
export class CrashBoundary extends Component<{ readonly children: ReactNode }, CrashBoundaryState> {
  override state: CrashBoundaryState = { failure: undefined };

  static getDerivedStateFromError(error: unknown): CrashBoundaryState {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    return (
      <section className="notice" role="alert">
        <span className="notice-icon">
          <TriangleAlert className="icon text-bad" aria-hidden />
        </span>
        <h2>This page has failed</h2>
        <p>
          Nothing has happened to transactions or money. What the page said: <code className="mono">{failure}</code>
        </p>
        <button type="button" className="button" onClick={() => location.reload()}>
          <RotateCcw className="icon" aria-hidden /> Load it again
        </button>
      </section>
    );
  }
}
