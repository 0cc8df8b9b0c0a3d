import { randomUUID } from 'node:crypto';
import { Balance } from '@trancendos/contracts/balance';
import type { Logger } from '@trancendos/platform/log';
import { nowMs, pause } from '@trancendos/platform/clock';
import { metrics } from '@trancendos/platform/metrics';
import type { Resource } from '@trancendos/platform/run';

/** What the cache needs of Redis: commands that fail soon while it is away. */
export interface CacheClient {
  mget(keys: string[]): Promise<(string | null)[]>;
  set(key: string, value: string): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
}

export interface BalanceCacheOptions {
  readonly client: CacheClient;
  readonly log: Logger;
  /** Most balances that wait to be written. Beyond that everything cached is given up. Default 20,000. */
  readonly waitingMax?: number;
  /**
   * How long after the one before a write begins at the earliest: an account that every commit changes is then written once for several.
   * What waits is known to this process meanwhile. Default 0.
   */
  readonly gatherMs?: number;
}

/**
 * Keeps the newer version, whoever comes last: a reader that filled the cache with what it had read before a commit cannot undo what the
 * commit wrote. A value is its version, a space, and the balance as JSON.
 */
const KEEP_NEWER = `
  local kept = 0
  for place, key in ipairs(KEYS) do
    local version = tonumber(ARGV[2 * place])
    local now = redis.call('GET', key)
    if not now or tonumber(string.match(now, '^%d+')) < version then
      redis.call('SET', key, ARGV[2 * place] .. ' ' .. ARGV[2 * place + 1], 'PX', ARGV[1])
      kept = kept + 1
    end
  end
  return kept`;

const GENERATION_KEY = 'ledger:balances:generation';
const KEPT_MS = 86_400_000;
const WRITE_MAX = 500;
const RETRY_MS = 500;

/**
 * The newest balances in Redis, for those who ask often. It decides nothing and may vanish at any time: what is missing is read from
 * PostgreSQL and filled in.
 *
 * Written soon after each commit. Where a write is lost, because Redis is away or too slow, everything cached before is given up by naming a new
 * generation: a balance that was missed would otherwise be wrong until it moves again.
 */
export class BalanceCache implements Resource {
  readonly #options: BalanceCacheOptions;
  readonly #waitingMax: number;
  #waiting = new Map<string, Balance>();
  #writing: Promise<void> | undefined;
  /** Undefined while a new one has to be named, as at the beginning: what was cached before may lack what was committed meanwhile. */
  #generation: string | undefined;
  #lastWriteMs = -Infinity;
  readonly #end = new AbortController();

  constructor(options: BalanceCacheOptions) {
    this.#options = options;
    this.#waitingMax = options.waitingMax ?? 20_000;
  }

  /**
   * Takes the balances that a commit has left; returns at once. Only the process that commits calls this, the first time when it takes the
   * ledger over, with none.
   */
  put(balances: readonly Balance[]): void {
    for (const balance of balances) this.#waiting.set(balance.account_id, balance);
    if (this.#waiting.size > this.#waitingMax) this.#giveUp('too slow');
    // With nothing to do it would be over before it is noted as under way, and stay so for ever.
    if (this.#waiting.size > 0 || this.#generation === undefined) this.#writing ??= this.#writeAll();
  }

  /**
   * The newest balances of the accounts: from the cache, and what it lacks from `load`, which is then filled in. Where Redis is away all of
   * them are loaded.
   */
  async read(accountIds: readonly string[], load: (missing: readonly string[]) => Promise<Balance[]>): Promise<Balance[]> {
    const { generation, cached } = await this.#look(accountIds);
    const missing = accountIds.filter((id) => !cached.has(id));
    metrics.balanceCache.inc({ result: 'hit' }, cached.size);
    metrics.balanceCache.inc({ result: 'miss' }, missing.length);
    const loaded = missing.length > 0 ? await load(missing) : [];
    if (generation !== undefined && loaded.length > 0) await this.#keep(generation, loaded).catch(() => undefined);
    return [...cached.values(), ...loaded];
  }

  /** Resolves when everything that was put is written, or given up. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#writing;
  }

  async #look(accountIds: readonly string[]): Promise<{ generation: string | undefined; cached: Map<string, Balance> }> {
    try {
      const [generation] = await this.#options.client.mget([GENERATION_KEY]);
      if (generation === null || generation === undefined) return { generation: undefined, cached: new Map() };
      const values = await this.#options.client.mget(accountIds.map((id) => keyOf(generation, id)));
      const found = values.flatMap((value) => (value === null ? [] : [balanceOf(value)]));
      const waiting = accountIds.flatMap((id) => this.#waiting.get(id) ?? []);
      return { generation, cached: new Map([...found, ...waiting].map((balance) => [balance.account_id, balance])) };
    } catch {
      return { generation: undefined, cached: new Map() };
    }
  }

  /** Goes on until everything is written and the generation is one of ours: a balance that was missed must not stay believed. */
  async #writeAll(): Promise<void> {
    while ((this.#waiting.size > 0 || this.#generation === undefined) && !this.#end.signal.aborted) {
      const waitMs = this.#lastWriteMs + (this.#options.gatherMs ?? 0) - nowMs();
      if (waitMs > 0) await pause(waitMs, this.#end.signal);
      this.#lastWriteMs = nowMs();
      const batch = [...this.#waiting.values()].slice(0, WRITE_MAX);
      for (const { account_id } of batch) this.#waiting.delete(account_id);
      try {
        this.#generation ??= await this.#nameGeneration();
        if (batch.length > 0) await this.#keep(this.#generation, batch);
      } catch (error) {
        this.#giveUp(error);
        await pause(RETRY_MS, this.#end.signal);
      }
    }
    this.#writing = undefined;
  }

  /** What is cached now is not to be believed any more; what waits is read when it is asked for. */
  #giveUp(cause: unknown): void {
    this.#options.log.debug({ err: cause }, 'the balances in redis are given up');
    this.#generation = undefined;
    this.#waiting.clear();
  }

  async #nameGeneration(): Promise<string> {
    const generation = randomUUID();
    await this.#options.client.set(GENERATION_KEY, generation);
    return generation;
  }

  async #keep(generation: string, balances: readonly Balance[]): Promise<void> {
    const values = balances.flatMap((balance) => [balance.version, JSON.stringify(balance)]);
    const keys = balances.map(({ account_id }) => keyOf(generation, account_id));
    await this.#options.client.eval(KEEP_NEWER, keys.length, ...keys, KEPT_MS, ...values);
  }
}

function keyOf(generation: string, accountId: string): string {
  return `ledger:balance:${generation}:${accountId}`;
}

function balanceOf(value: string): Balance {
  return Balance.parse(JSON.parse(value.slice(value.indexOf(' ') + 1)));
}
