import { inspect } from 'node:util';

const SHOWN = '[secret]';

/**
 * A value that is used and never shown: a password, a key, an address with a password in it. However it is printed (in a template, as JSON,
 * by an inspector, in an error) it reads `[secret]`; only `reveal` gives it, so that the places which do are found by that word.
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
