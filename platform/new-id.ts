import { uuidv7 } from 'uuidv7';

/** A new id of ours: the prefix that names its kind and a UUIDv7 (RFC 9562), so ids of a kind sort by time. */
export function newId<P extends string>(prefix: P): `${P}_${string}` {
  return `${prefix}_${uuidv7()}`;
}
