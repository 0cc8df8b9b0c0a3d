import { CONTRACT, type Remote, type RemoteModule } from '@trancendos/shell-api';
import type { RemoteEntry } from './read-apps.ts';

/** Why a remote is not on screen. Each has its own words, because each has another way out. */
export type LoadFailure =
  /** Its file could not be fetched, or does not run. */
  | { readonly kind: 'broken'; readonly detail: string }
  /** The file is not the one that was built: its hash differs. */
  | { readonly kind: 'corrupt'; readonly detail: string }
  | { readonly kind: 'slow'; readonly waitedMs: number }
  /** It is written for another contract than this shell's. */
  | { readonly kind: 'contract'; readonly found: number; readonly wanted: number };

export type Loaded = { readonly kind: 'loaded'; readonly remote: Remote } | LoadFailure;

export const LOAD_TIMEOUT_MS = 10_000;

/** Fetches a remote's files, checks their hashes and its contract, and runs it. `attempt` counts from 0; browsers keep a module that failed. */
export async function loadRemote(app: RemoteEntry, attempt: number, timeoutMs = LOAD_TIMEOUT_MS): Promise<Loaded> {
  if (app.contract !== CONTRACT) return { kind: 'contract', found: app.contract, wanted: CONTRACT };
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Loaded>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: 'slow', waitedMs: timeoutMs });
      stop.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([fetchAndRun(app, attempt, stop.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function fetchAndRun(app: RemoteEntry, attempt: number, signal: AbortSignal): Promise<Loaded> {
  const files = [app.entry, ...app.chunks];
  const checked = await Promise.all(
    files.map((address) => checkFile(address, app.sri[address], { signal, cache: attempt === 0 ? 'default' : 'reload' })),
  );
  const failure = checked.find((outcome) => outcome !== undefined);
  if (failure) return failure;
  try {
    const [module] = await Promise.all([
      import(/* @vite-ignore */ attempt === 0 ? app.entry : `${app.entry}?attempt=${attempt}`) as Promise<Partial<RemoteModule>>,
      ...app.css.map((href) => loadStyle(href, app.sri[href])),
    ]);
    return checkModule(module);
  } catch (error) {
    return { kind: 'broken', detail: messageOf(error) };
  }
}

/** Only the hash makes the difference between what is missing and what is not what was built. Without a hash, in development, nothing is asked. */
async function checkFile(address: string, expected: string | undefined, options: RequestInit): Promise<LoadFailure | undefined> {
  if (expected === undefined) return undefined;
  try {
    const response = await fetch(address, options);
    if (!response.ok) return { kind: 'broken', detail: `${address} answers ${response.status}` };
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-384', await response.arrayBuffer()));
    const found = `sha384-${btoa(String.fromCharCode(...digest))}`;
    return found === expected ? undefined : { kind: 'corrupt', detail: address };
  } catch (error) {
    return { kind: 'broken', detail: messageOf(error) };
  }
}

function checkModule({ contract, remote }: Partial<RemoteModule>): Loaded {
  if (contract !== CONTRACT) return { kind: 'contract', found: contract ?? 0, wanted: CONTRACT };
  if (!remote || !Array.isArray(remote.routes)) return { kind: 'broken', detail: 'it exports no routes' };
  return { kind: 'loaded', remote };
}

function loadStyle(href: string, integrity: string | undefined): Promise<void> {
  if (document.querySelector(`link[rel=stylesheet][href="${CSS.escape(href)}"]`)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    if (integrity !== undefined) link.integrity = integrity;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error(`${href} could not be loaded`));
    };
    document.head.append(link);
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
