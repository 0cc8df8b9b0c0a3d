import { controlKey, type Control } from '@trancendos/contracts/control';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import { ListIndex } from './lists/match-lists.ts';
import { loadModel, type LoadedModel, type ModelRefusal } from './load-model.ts';
import { compileRuleset, type RulesetError } from './rules/compile-ruleset.ts';
import { showModels } from './show-models.ts';
import { firstOrders, versionOfPolicy, type StandingOrders } from './standing-orders.ts';

/** Why a control message does not hold. */
export interface ControlRefusal {
  readonly code: ModelRefusal['code'] | 'ruleset_refused';
  readonly detail: string;
  readonly errors: readonly RulesetError[];
}

/** What became of the newest message of a key. */
export interface ControlState {
  readonly message: Control;
  readonly refusal: ControlRefusal | null;
}

export interface DeskOptions {
  readonly log: Logger;
  /** Where model versions lie. */
  readonly versionsFolder: string;
}

type ControlOf<K extends Control['kind']> = Extract<Control, { kind: K }>;
type Change = { readonly ok: true; readonly orders: StandingOrders } | { readonly ok: false; readonly refusal: ControlRefusal };

/**
 * Keeps the orders that stand, and changes them by control messages, one after the other. What does not check is refused: what stood before
 * goes on standing, and the refusal is kept to be asked for.
 */
export class ControlDesk {
  readonly #options: DeskOptions;
  readonly #states = new Map<string, ControlState>();
  readonly #models = new Map<string, LoadedModel>();
  #orders = firstOrders();
  #beliefsHash: string | null = null;
  #last: Promise<void> = Promise.resolve();
  #changed = Promise.withResolvers<undefined>();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** What stands now. */
  get orders(): StandingOrders {
    return this.#orders;
  }

  /** The newest message of every key with what became of it. */
  get states(): ReadonlyMap<string, ControlState> {
    return this.#states;
  }

  /** From now on versions have to fit a feature state that is folded with these belief parameters. */
  bindBeliefs(hash: string): void {
    this.#beliefsHash = hash;
  }

  /** Takes a message in, behind those before it. Resolves when it holds or is refused. */
  apply(message: Control): Promise<ControlState> {
    return this.#inTurn(() => this.#take(message));
  }

  /** Tries a message without taking it in: undefined where it would hold. */
  check(message: Control): Promise<ControlRefusal | undefined> {
    return this.#inTurn(async () => {
      const change = await this.#change(message);
      this.#freeUnused();
      return change.ok ? undefined : change.refusal;
    });
  }

  /** Resolves when the message of `key` that was published at `publishedAt`, or a later one, has been taken in; rejects on abort. */
  async whenApplied(key: string, publishedAt: string, signal: AbortSignal): Promise<ControlState> {
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(new Error('not applied in time'));
    signal.addEventListener('abort', abort, { once: true });
    try {
      for (;;) {
        const state = this.#states.get(key);
        if (state && state.message.published_at >= publishedAt) return state;
        await Promise.race([this.#changed.promise, aborted]);
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #take(message: Control): Promise<ControlState> {
    const key = controlKey(message);
    const change = await this.#change(message);
    const state: ControlState = { message, refusal: change.ok ? null : change.refusal };
    if (change.ok) this.#orders = change.orders;
    this.#states.set(key, state);
    this.#freeUnused();
    this.#report(key, state);
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers<undefined>();
    return state;
  }

  #change(message: Control): Promise<Change> | Change {
    switch (message.kind) {
      case 'model':
        return this.#changeModel(message);
      case 'challengers':
        return this.#changeChallengers(message);
      case 'ruleset':
        return this.#changeRuleset(message);
      case 'list':
        return this.#changeList(message);
      case 'thresholds':
        return { ok: true, orders: { ...this.#orders, policy: message.policy, policyVersion: versionOfPolicy(message.policy) } };
    }
  }

  async #changeModel({ name, version }: ControlOf<'model'>): Promise<Change> {
    const loading = await this.#load(version);
    if ('refusal' in loading) return { ok: false, refusal: loading.refusal };
    return { ok: true, orders: { ...this.#orders, [name]: loading } };
  }

  async #changeChallengers({ versions }: ControlOf<'challengers'>): Promise<Change> {
    const challengers: LoadedModel[] = [];
    for (const version of new Set(versions)) {
      const loading = await this.#load(version);
      if ('refusal' in loading) return { ok: false, refusal: loading.refusal };
      challengers.push(loading);
    }
    return { ok: true, orders: { ...this.#orders, challengers } };
  }

  #changeRuleset({ ruleset }: ControlOf<'ruleset'>): Change {
    const compilation = compileRuleset(ruleset);
    if (compilation.ok) return { ok: true, orders: { ...this.#orders, ruleset: compilation.ruleset } };
    const { errors } = compilation;
    const detail = `${errors.length} ${errors.length === 1 ? 'error' : 'errors'} in the ruleset ${ruleset.name}; mend them all and publish it again.`;
    return { ok: false, refusal: { code: 'ruleset_refused', detail, errors } };
  }

  #changeList({ name, list }: ControlOf<'list'>): Change {
    const listsByName = new Map(this.#orders.listsByName);
    if (list) listsByName.set(name, list);
    else listsByName.delete(name);
    return { ok: true, orders: { ...this.#orders, listsByName, lists: new ListIndex(listsByName) } };
  }

  async #load(name: string): Promise<LoadedModel | { readonly refusal: ControlRefusal }> {
    const loaded = this.#models.get(name);
    if (loaded) return loaded;
    const loading = await loadModel(this.#options.versionsFolder, name, this.#beliefsHash);
    if (!loading.ok) return { refusal: { ...loading.refusal, errors: [] } };
    this.#models.set(name, loading.model);
    return loading.model;
  }

  #freeUnused(): void {
    const { champion, fallback, challengers } = this.#orders;
    const used = new Set([champion, fallback, ...challengers]);
    for (const [name, model] of this.#models) {
      if (used.has(model)) continue;
      this.#models.delete(name);
      model.version.dispose();
    }
  }

  #report(key: string, { refusal }: ControlState): void {
    const { log } = this.#options;
    metrics.control.inc({ kind: key.split('/')[0] ?? '', result: refusal ? 'refused' : 'applied' });
    metrics.listEntries.set(this.#orders.lists.size);
    showModels(this.#orders);
    if (refusal)
      log.error(
        { control: key, code: refusal.code, errors: refusal.errors.map(({ pointer }) => pointer), detail: refusal.detail },
        'control refused: what stood before goes on',
      );
    else log.info({ control: key }, 'control applied');
  }
}
