/** A start that cannot go on for a reason outside the program. The message says what to do, and is all that has to be shown. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
