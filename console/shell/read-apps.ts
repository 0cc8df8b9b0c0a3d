/** One entry of `apps.json`: a remote that is online, and what loading it takes. */
export interface RemoteEntry {
  readonly id: string;
  readonly version: string;
  readonly contract: number;
  /** Beginnings of its pages' addresses. */
  readonly paths: readonly string[];
  readonly entry: string;
  /** Scripts that its entry imports at once. */
  readonly chunks: readonly string[];
  readonly css: readonly string[];
  /** Hashes of its files by address; none in development. */
  readonly sri: Readonly<Record<string, string>>;
}

const ANSWER_TIMEOUT_MS = 8_000;

/** Reads which remotes are online at this moment; undefined where that cannot be read. */
export async function readApps(): Promise<readonly RemoteEntry[] | undefined> {
  try {
    const response = await fetch('/apps.json', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    if (!response.ok) return undefined;
    const { apps } = (await response.json()) as { apps?: readonly RemoteEntry[] };
    return apps;
  } catch {
    return undefined;
  }
}

/** The remote that an address belongs to. */
export function findApp(apps: readonly RemoteEntry[], path: string): RemoteEntry | undefined {
  return apps.find(({ paths }) => paths.some((begin) => path === begin || path.startsWith(`${begin}/`)));
}
