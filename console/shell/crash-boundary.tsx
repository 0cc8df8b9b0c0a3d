import { Component, type ReactNode } from 'react';

export interface CrashBoundaryProps {
  readonly children: ReactNode;
  /** Shown instead of what has failed; `retry` draws it again. */
  readonly fallback: (failure: string, retry: () => void) => ReactNode;
}

interface CrashBoundaryState {
  readonly failure: string | undefined;
}

/** Stands in for a page that failed to draw, so that the frame around it stays. */
export class CrashBoundary extends Component<CrashBoundaryProps, CrashBoundaryState> {
  override state: CrashBoundaryState = { failure: undefined };

  static getDerivedStateFromError(error: unknown): CrashBoundaryState {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    return this.props.fallback(failure, () => this.setState({ failure: undefined }));
  }
}
