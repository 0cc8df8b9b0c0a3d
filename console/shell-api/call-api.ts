import { shell } from './shell.ts';

/** What became of a request to `/api`. */
export type ApiAnswer<T> =
  | { readonly kind: 'ok'; readonly data: T }
  /** 404: there is no such thing. */
  | { readonly kind: 'missing'; readonly requestId: string | undefined }
  | { readonly kind: 'denied'; readonly reason: string; readonly requestId: string | undefined }
  | { readonly kind: 'signed-out' }
  | {
      readonly kind: 'failed';
      readonly status: number;
      /** Of the problem document, where there is one. */
      readonly code: string | undefined;
      readonly detail: string;
      readonly requestId: string | undefined;
      /** With `weak_password`: what is wrong with it. */
      readonly weakness?: string | undefined;
    }
  /** No answer in time, or no network. */
  | { readonly kind: 'away' };

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** The page reads by itself, so nobody is thereby present: it does not keep the session. For GET alone. */
  readonly isBackground?: boolean;
}

const TIMEOUT_MS = 8_000;
/** As contracts/session.ts names them; a test compares the two. */
export const CSRF_HEADER = 'x-trx-csrf';
export const BACKGROUND_HEADER = 'x-trx-background';

/** Asks the gateway for `path` (`/api/...`). What changes something carries the session's token. The answer is JSON of the caller's shape. */
export async function callApi<T>(
  path: string,
  { method = 'GET', body, signal, timeoutMs = TIMEOUT_MS, isBackground = false }: ApiRequest = {},
): Promise<ApiAnswer<T>> {
  const signals = [AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])];
  try {
    const response = await fetch(path, {
      method,
      headers: { ...headersFor(method, body), ...(isBackground && { [BACKGROUND_HEADER]: 'true' }) },
      signal: AbortSignal.any(signals),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return await readAnswer<T>(response);
  } catch {
    return { kind: 'away' };
  }
}

function headersFor(method: string, body: unknown): Record<string, string> {
  const state = shell().session.get();
  return {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(method !== 'GET' && { [CSRF_HEADER]: state.kind === 'signed-in' && state.session.csrf !== '' ? state.session.csrf : 'console' }),
  };
}

/** What the console reads of a problem document. */
interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly request_id?: string;
  readonly weakness?: string;
}

async function readAnswer<T>(response: Response): Promise<ApiAnswer<T>> {
  if (response.ok) return { kind: 'ok', data: (response.status === 204 ? undefined : await response.json()) as T };
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const requestId = problem.request_id ?? response.headers.get('x-request-id') ?? undefined;
  const detail = problem.detail ?? problem.title ?? `HTTP ${response.status}`;
  if (response.status === 401) {
    void shell().refreshSession();
    return { kind: 'signed-out' };
  }
  if (response.status === 403) return { kind: 'denied', reason: detail, requestId };
  if (response.status === 404) return { kind: 'missing', requestId };
  return { kind: 'failed', status: response.status, code: problem.code, detail, requestId, weakness: problem.weakness };
}
