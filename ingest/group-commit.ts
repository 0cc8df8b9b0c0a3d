import { pause } from '@trancendos/platform/clock';
import type { Resource } from '@trancendos/platform/run';

export interface GroupCommitOptions<Item, Result> {
  /** Does one group; gives one result per item, in order. When it throws, every item of the group is rejected with that error. */
  readonly work: (group: readonly Item[]) => Promise<readonly Result[]>;
  readonly groupMax: number;
  /** Most items waiting for their group. */
  readonly queueMax: number;
  /** A group begins that long after the one before it at the earliest; what comes later than that begins at once. Default 0. */
  readonly everyMs?: number;
}

interface Queued<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does in one go what arrives while the last group is under way, so that the cost of a commit is shared by as many as wait for it,
 * and one that comes alone waits for nobody.
 */
export class GroupCommit<Item, Result> implements Resource {
  readonly #options: GroupCommitOptions<Item, Result>;
  #queue: Queued<Item, Result>[] = [];
  #running: Promise<void> | undefined;
  readonly #end = new AbortController();
  #lastBeganMs = -Infinity;

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options;
  }

  /** Adds `item` to the next group. Undefined when too many are waiting, or it was stopped. */
  add(item: Item): Promise<Result> | undefined {
    if (this.#end.signal.aborted || this.#queue.length >= this.#options.queueMax) return undefined;
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** How many wait for their group. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes nothing more and finishes what is queued. */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // what this turn of the event loop still adds comes along
    while (this.#queue.length > 0) {
      await this.#gather();
      const group = this.#queue.splice(0, this.#options.groupMax);
      await this.#runGroup(group);
    }
    this.#running = undefined;
  }

  async #gather(): Promise<void> {
    const { everyMs = 0, groupMax } = this.#options;
    const waitMs = this.#lastBeganMs + everyMs - performance.now();
    if (waitMs > 0 && this.#queue.length < groupMax) await pause(waitMs, this.#end.signal);
    this.#lastBeganMs = performance.now();
  }

  async #runGroup(group: readonly Queued<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.work(group.map(({ item }) => item));
      group.forEach((queued, index) => {
        const result = results[index];
        if (result === undefined) queued.reject(new Error(`${results.length} results for ${group.length} items`));
        else queued.resolve(result);
      });
    } catch (error) {
      for (const queued of group) queued.reject(error);
    }
  }
}
