/** An error in a few words. A refused connection to a name with several addresses has no message of its own, but a code. */
export function tellError(error: unknown): string {
  const { message } = (typeof error === 'object' && error !== null ? error : {}) as { message?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  return codeOf(error) ?? String(error);
}

/** The code of a system error, such as ENOENT. Not by `instanceof Error`, which Node's own errors are not inside of Jest. */
export function codeOf(error: unknown): string | undefined {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
