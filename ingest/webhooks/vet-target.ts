import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** Where an attempt connects to: an address that was vetted, and is used as it is, so that no second look-up can give another. */
export interface VettedTarget {
  readonly url: URL;
  readonly address: string;
  readonly family: 4 | 6;
}

export interface VetOptions {
  /** For a run on one machine: takes HTTP, and addresses of this machine. */
  readonly allowLoopback: boolean;
  /** By default that of the system. Gives every address of a host. */
  readonly resolve?: (host: string) => Promise<readonly { readonly address: string }[]>;
}

export type Vetted = VettedTarget | { readonly refused: string };

/** What is not on the public internet (IANA special-purpose registries); metadata services of clouds are among the link-local ones. */
const INTERNAL = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  INTERNAL.addSubnet(network, bits, 'ipv4');
}
/** Of IPv6 only global unicast addresses are taken, without what carries an IPv4 address within or is for documentation. */
const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6');
const NOT_GLOBAL = new BlockList();
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  NOT_GLOBAL.addSubnet(network, bits, 'ipv6');
}
const LOOPBACK = new Set(['127.0.0.1', '::1']);

/**
 * Decides whether and where a webhook may be sent: HTTPS, no credentials in the address, and every address of the host on the public
 * internet. A name that cannot be resolved is refused.
 */
export async function vetTarget(text: string, options: VetOptions): Promise<Vetted> {
  const url = URL.parse(text);
  if (!url || url.username !== '' || url.password !== '') return { refused: 'is not an address, or holds credentials' };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await addressesOf(host, options.resolve ?? ((name) => lookup(name, { all: true })));
  const isOwn = options.allowLoopback && isOwnMachine(url, addresses);
  const misfit = isOwn ? undefined : misfitOf(url, addresses);
  if (misfit !== undefined) return { refused: misfit };
  const [first = ''] = addresses;
  return { url, address: first, family: isIPv6(first) ? 6 : 4 };
}

function isOwnMachine(url: URL, addresses: readonly string[]): boolean {
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && addresses.length > 0 && addresses.every((address) => LOOPBACK.has(address));
}

function misfitOf(url: URL, addresses: readonly string[]): string | undefined {
  if (url.protocol !== 'https:') return 'has to begin with https://';
  if (addresses.length === 0) return 'has a host that cannot be found';
  return addresses.every(isPublic) ? undefined : 'leads to an address that is not on the public internet';
}

async function addressesOf(host: string, resolve: NonNullable<VetOptions['resolve']>): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    return (await resolve(host)).map(({ address }) => address);
  } catch {
    return [];
  }
}

function isPublic(address: string): boolean {
  if (isIPv6(address)) return GLOBAL.check(address, 'ipv6') && !NOT_GLOBAL.check(address, 'ipv6');
  return isIP(address) === 4 && !INTERNAL.check(address, 'ipv4');
}
