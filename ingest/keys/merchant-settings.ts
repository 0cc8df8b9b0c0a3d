import type { MerchantSettings } from '@trancendos/contracts/settings';
import type { Logger } from '@trancendos/platform/log';
import type { Resource } from '@trancendos/platform/run';
import type pg from 'pg';
import { followChanges } from '../follow-changes.ts';

interface SettingsRow extends MerchantSettings {
  readonly merchant_id: string;
  readonly changed_at: Date;
}

const DEFAULTS: MerchantSettings = { require_signature: false, on_timeout: [] };
/** A change is visible when its transaction commits, a little after its time. */
const OVERLAP_MS = 10_000;

/** What each merchant has settled, in memory; follows the database as the keys do. */
export class SettingsBoard implements Resource {
  readonly #pool: pg.Pool;
  readonly #settings = new Map<string, MerchantSettings>();
  readonly #stopping = new AbortController();
  #seenUntil = new Date(0);
  #following: Promise<void> = Promise.resolve();

  private constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Reads the settings; throws when that fails. */
  static async open(pool: pg.Pool, log: Logger): Promise<SettingsBoard> {
    const board = new SettingsBoard(pool);
    await board.look();
    board.#following = followChanges({
      what: "merchants' settings",
      look: () => board.look(),
      log,
      stopping: board.#stopping.signal,
    });
    return board;
  }

  of(merchantId: string): MerchantSettings {
    return this.#settings.get(merchantId) ?? DEFAULTS;
  }

  /** Takes in what has changed since the last look. */
  async look(): Promise<void> {
    const { rows } = await this.#pool.query<SettingsRow>({
      name: 'changed-settings',
      text: `SELECT merchant_id, require_signature, on_timeout, changed_at FROM ingest.merchants WHERE changed_at > $1 ORDER BY changed_at`,
      values: [new Date(this.#seenUntil.getTime() - OVERLAP_MS)],
    });
    for (const { merchant_id, changed_at, require_signature, on_timeout } of rows) {
      this.#settings.set(merchant_id, { require_signature, on_timeout });
      this.#seenUntil = changed_at;
    }
  }

  /** Replaces the settings of a merchant, on every instance within a second. */
  async replace(merchantId: string, settings: MerchantSettings): Promise<void> {
    await this.#pool.query(
      `INSERT INTO ingest.merchants (merchant_id, require_signature, on_timeout) VALUES ($1, $2, $3)
       ON CONFLICT (merchant_id) DO UPDATE
       SET require_signature = EXCLUDED.require_signature, on_timeout = EXCLUDED.on_timeout, changed_at = clock_timestamp()`,
      [merchantId, settings.require_signature, JSON.stringify(settings.on_timeout)],
    );
    await this.look();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
  }
}
