const PLAIN = 'trancendos_session';
/** Browsers take a cookie of this prefix only over TLS, for this host and for every path. */
const SECURED = '__Host-trancendos_session';

/** How the session id travels: `secure` where TLS ends in front of the console. */
export interface CookieOptions {
  readonly secure: boolean;
}

/** Value of a Set-Cookie header that gives the browser its session; without an id it takes the session away. */
export function renderSessionCookie(id: string | undefined, { secure }: CookieOptions): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(secure ? ['Secure'] : []), ...(id === undefined ? ['Max-Age=0'] : [])];
  return [`${secure ? SECURED : PLAIN}=${id ?? ''}`, ...attributes].join('; ');
}

/** The session id in a Cookie header. */
export function readSessionCookie(header: string | undefined, { secure }: CookieOptions): string | undefined {
  const name = `${secure ? SECURED : PLAIN}=`;
  return header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(name))
    ?.slice(name.length);
}
