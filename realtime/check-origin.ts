/** What of a request tells where it comes from. */
export interface RequestOrigin {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
}

/**
 * True when a request is meant for this console and does not come from another site's page.
 *
 * `hosts` are the names it is reached by: a foreign name means that a foreign domain was pointed here (DNS rebinding). A browser names the
 * page's origin on every socket handshake and POST; it must be the host that is asked. Programs that name no origin carry no cookies that
 * they were not given.
 */
export function isOwnOrigin({ host, origin, fetchSite }: RequestOrigin, hosts: readonly string[]): boolean {
  if (host === undefined || !hosts.includes(nameOf(host))) return false;
  if (fetchSite === 'cross-site' || fetchSite === 'same-site') return false;
  return origin === undefined || origin.replace(/^https?:\/\//, '').toLowerCase() === host.toLowerCase();
}

/** Whether `host`, with or without a port, is a name of the console. */
export function isOwnHost(host: string | undefined, hosts: readonly string[]): boolean {
  return host !== undefined && hosts.includes(nameOf(host));
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}
