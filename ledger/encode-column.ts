const ESCAPED = /["\\]/;

/**
 * A column as the text of a PostgreSQL array (PostgreSQL manual, 8.15.2). The driver would do it value by value at several times the cost,
 * and a batch has tens of thousands of values.
 */
export function encodeColumn(values: readonly (string | number | bigint | null)[]): string {
  let text = '{';
  for (const [index, value] of values.entries()) {
    if (index > 0) text += ',';
    if (value === null) text += 'NULL';
    else if (typeof value !== 'string') text += String(value);
    else text += `"${ESCAPED.test(value) ? value.replaceAll(/["\\]/g, '\\$&') : value}"`;
  }
  return text + '}';
}
