import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';

/** Random numbers that are drawn at once: a draw costs as much as everything else of an id together. */
const drawn = new Uint32Array(512);
let used = drawn.length;

const generator = new V7Generator({
  nextUint32(): number {
    if (used === drawn.length) {
      randomFillSync(drawn);
      used = 0;
    }
    return drawn[used++] as number;
  },
});

/** A new id of ours: the prefix that names its kind and a UUIDv7 (RFC 9562), so ids of a kind sort by time. */
export function newId<P extends string>(prefix: P): `${P}_${string}` {
  return `${prefix}_${generator.generate().toString()}`;
}
