import { BlockList, isIPv6 } from 'node:net';
import { modeOfKey, type KeyMode, type KeyScope } from '@trancendos/contracts/api-key';
import { nowMs, pause } from '@trancendos/platform/clock';
import { RecentMap } from '@trancendos/platform/keep-recent';
import type { Logger } from '@trancendos/platform/log';
import type { Resource } from '@trancendos/platform/run';
import type pg from 'pg';
import { followChanges } from '../follow-changes.ts';
import type { Sealer } from '../seal-secret.ts';
import { hashKey } from './make-key.ts';

/** A key in use. */
export interface KnownKey {
  readonly keyId: string;
  readonly merchantId: string;
  readonly mode: KeyMode;
  readonly scopes: ReadonlySet<KeyScope>;
  /** Undefined where every address may use it. */
  readonly allowed: BlockList | undefined;
  readonly expiresAtMs: number;
  /** Undefined for a key that signs nothing. */
  readonly signingSecret: Buffer | undefined;
}

interface RingRow {
  readonly key_id: string;
  readonly merchant_id: string;
  readonly mode: KeyMode;
  readonly key_sha256: Buffer;
  readonly scopes: KeyScope[];
  readonly allowed_ips: string[];
  readonly signing_secret: Buffer | null;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly changed_at: Date;
}

/** A change is visible when its transaction commits, a little after its time: so long is looked back. */
const OVERLAP_MS = 10_000;
const NOTE_USE_EVERY_MS = 60_000;
const NAMES_MAX = 10_000;

/**
 * Every key in use, in memory, so that recognising a sender costs no round trip. Follows the database, which all instances share, twice a
 * second; while it is away the keys stay as they were last seen.
 */
export class KeyRing implements Resource {
  readonly #pool: pg.Pool;
  readonly #sealer: Sealer;
  readonly #log: Logger;
  readonly #keys = new Map<string, KnownKey>();
  /** By headers that a key in use was found by, what it is looked up by, so that it is not hashed for every request. */
  readonly #names = new RecentMap<string>(NAMES_MAX);
  readonly #used = new Set<string>();
  readonly #stopping = new AbortController();
  #seenUntil = new Date(0);
  #following: Promise<unknown> = Promise.resolve();

  private constructor(pool: pg.Pool, sealer: Sealer, log: Logger) {
    this.#pool = pool;
    this.#sealer = sealer;
    this.#log = log;
  }

  /** Reads the keys; throws when that fails. */
  static async open(pool: pg.Pool, sealer: Sealer, log: Logger): Promise<KeyRing> {
    const ring = new KeyRing(pool, sealer, log);
    await ring.look();
    ring.#following = Promise.all([
      followChanges({ what: 'API keys', look: () => ring.look(), log, stopping: ring.#stopping.signal }),
      ring.#noteUses(),
    ]);
    return ring;
  }

  /** The key of an `Authorization` header; undefined when there is none, or it is not in use. */
  find(authorization: string | undefined): KnownKey | undefined {
    if (authorization === undefined) return undefined;
    const known = this.#names.get(authorization);
    const name = known ?? nameOf(authorization);
    const key = name === undefined ? undefined : this.#keys.get(name);
    if (name === undefined || !key || key.expiresAtMs <= nowMs()) return undefined;
    if (known === undefined) this.#names.set(authorization, name);
    this.#used.add(key.keyId);
    return key;
  }

  /** Takes in what has changed since the last look. */
  async look(): Promise<void> {
    const { rows } = await this.#pool.query<RingRow>({
      name: 'changed-keys',
      text: `SELECT key_id, merchant_id, mode, key_sha256, scopes, allowed_ips, signing_secret, expires_at, revoked_at, changed_at
             FROM ingest.api_keys WHERE changed_at > $1 ORDER BY changed_at`,
      values: [new Date(this.#seenUntil.getTime() - OVERLAP_MS)],
    });
    for (const row of rows) {
      this.#take(row);
      this.#seenUntil = row.changed_at;
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
    await this.#writeUses().catch(() => undefined); // a coarse time of last use is not worth a failed stop
  }

  #take(row: RingRow): void {
    const name = row.key_sha256.toString('base64');
    if (row.revoked_at) {
      this.#keys.delete(name);
      return;
    }
    this.#keys.set(name, {
      keyId: row.key_id,
      merchantId: row.merchant_id,
      mode: row.mode,
      scopes: new Set(row.scopes),
      allowed: row.allowed_ips.length === 0 ? undefined : listOf(row.allowed_ips),
      expiresAtMs: row.expires_at?.getTime() ?? Infinity,
      signingSecret: this.#openSecret(row),
    });
  }

  /** Under another sealing key the key itself still works, and what it signs is refused. */
  #openSecret(row: RingRow): Buffer | undefined {
    try {
      return row.signing_secret ? this.#sealer.open(row.signing_secret, row.key_id) : undefined;
    } catch (error) {
      this.#log.error({ err: error, keyId: row.key_id }, 'the signing secret of a key was sealed with another INGEST_SEALING_KEY');
      return undefined;
    }
  }

  async #noteUses(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await pause(NOTE_USE_EVERY_MS, this.#stopping.signal);
      await this.#writeUses().catch((error: unknown) => this.#log.warn({ err: error }, 'the last use of API keys was not noted'));
    }
  }

  async #writeUses(): Promise<void> {
    const used = [...this.#used];
    if (used.length === 0) return;
    this.#used.clear();
    await this.#pool.query(
      `UPDATE ingest.api_keys SET last_used_at = date_trunc('hour', now())
       WHERE key_id = ANY($1::text[]) AND last_used_at IS DISTINCT FROM date_trunc('hour', now())`,
      [used],
    );
  }
}

/** What the key of an `Authorization` header is looked up by: its hash, so that the time that it takes tells nothing about a key. */
function nameOf(authorization: string): string | undefined {
  const [, text = ''] = /^Bearer ([\x21-\x7e]{8,200})$/i.exec(authorization) ?? [];
  return modeOfKey(text) === undefined ? undefined : hashKey(text).toString('base64');
}

function listOf(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const address of addresses) {
    const [network = '', bits] = address.split('/');
    const family = isIPv6(network) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  return list;
}

/** Whether an address may use a key. IPv4 within IPv6 (`::ffff:192.0.2.1`) counts as IPv4. */
export function admitsAddress(key: Pick<KnownKey, 'allowed'>, address: string): boolean {
  if (!key.allowed) return true;
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return key.allowed.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
