/** The next offset of every partition as the text that clients keep: `0:1204,1:88`. */
export function writeLogToken(next: ReadonlyMap<number, bigint>): string {
  return [...next].map(([partition, offset]) => `${partition}:${offset}`).join(',');
}

/** Reads what `writeLogToken` has written; the shape is checked by the contract. */
export function readLogToken(token: string): Map<number, bigint> {
  const pairs = token === '' ? [] : token.split(',').map((pair) => pair.split(':'));
  return new Map(pairs.map(([partition = '', offset = '']) => [Number(partition), BigInt(offset)]));
}
