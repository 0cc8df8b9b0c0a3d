/** As many accounts as the gateway follows for one connection. */
const ACCOUNTS_MAX = 20;

/** The accounts whose balances some panel of the page shows: several panels, one list for the gateway. */
export class FollowedAccounts {
  readonly #lists = new Set<readonly string[]>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Follows accounts until the function that it gives is called. */
  follow(accountIds: readonly string[]): () => void {
    const list = [...accountIds];
    this.#lists.add(list);
    this.#onChange();
    return () => {
      if (this.#lists.delete(list)) this.#onChange();
    };
  }

  /** All of them, each once; those asked for last where they are too many. */
  all(): string[] {
    return [...new Set([...this.#lists].reverse().flat())].slice(0, ACCOUNTS_MAX);
  }
}
