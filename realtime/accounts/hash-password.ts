import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/** What one hash costs: memory in KiB, passes over it, lanes. The least that OWASP recommends for argon2id; about 75 ms of one core. */
const COST = { memoryKib: 19_456, passes: 2, lanes: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** One at a time: the feed shares the processors, and a dozen sign-ins a second are enough. */
const AT_A_TIME = 1;
/** How many may wait for their turn, about two seconds' worth. */
const WAITING_MAX = 24;
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43,86})$/;

interface Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** Whether a password fits; `busy` when too many others are being looked at. */
export type PasswordAnswer =
  { readonly kind: 'fits'; readonly isOutdated: boolean } | { readonly kind: 'does_not_fit' } | { readonly kind: 'busy' };

/** Hashes passwords with argon2id, in the string format of the Password Hashing Competition. Bounded, because each one costs. */
export class PasswordHasher {
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #decoy: Promise<string | undefined> | undefined;

  constructor({ waitingMax = WAITING_MAX } = {}) {
    this.#waitingMax = waitingMax;
  }

  /** The hash of a password; undefined when too many others wait. */
  async hash(password: string): Promise<string | undefined> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.#inTurn(() => derive(password, salt, COST, HASH_BYTES));
    return hash && `$argon2id$v=19$m=${COST.memoryKib},t=${COST.passes},p=${COST.lanes}$${unpadded(salt)}$${unpadded(hash)}`;
  }

  /**
   * Compares a password with a stored hash. Without one it takes as long as with one and never fits, so that nobody learns from the time
   * which accounts there are. `isOutdated` asks for a new hash, because this one cost less than hashes do now.
   */
  async verify(stored: string | undefined, password: string): Promise<PasswordAnswer> {
    this.#decoy ??= this.hash(randomBytes(SALT_BYTES).toString('hex'));
    const phc = PHC.exec(stored ?? (await this.#decoy) ?? '');
    if (!phc) {
      this.#decoy = undefined; // there was no room to make one
      return { kind: stored === undefined ? 'busy' : 'does_not_fit' };
    }
    const [, memory, passes, lanes, salt = '', expected = ''] = phc;
    const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
    const wanted = Buffer.from(expected, 'base64');
    const given = await this.#inTurn(() => derive(password, Buffer.from(salt, 'base64'), cost, wanted.length));
    if (!given) return { kind: 'busy' };
    if (!timingSafeEqual(given, wanted) || stored === undefined) return { kind: 'does_not_fit' };
    return { kind: 'fits', isOutdated: cost.memoryKib < COST.memoryKib || cost.passes < COST.passes };
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#running >= AT_A_TIME) {
      if (this.#waiting.length >= this.#waitingMax) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

function derive(password: string, nonce: Buffer, { memoryKib, passes, lanes }: Cost, tagLength: number): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFKC'));
  return new Promise((resolve, reject) =>
    argon2('argon2id', { message, nonce, parallelism: lanes, tagLength, memory: memoryKib, passes }, (error, hash) =>
      error ? reject(error) : resolve(hash),
    ),
  );
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
