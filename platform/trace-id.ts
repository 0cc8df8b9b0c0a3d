const ID_OF_OURS = /^[a-z]+_([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;

/**
 * The W3C trace id of everything that follows from a request: the UUID in the request's id, without dashes. So every line and every span of a
 * payment is found by either, whether or not traces are recorded. Undefined for a correlation id that is not one of ours.
 */
export function traceIdOf(correlationId: string): string | undefined {
  const parts = ID_OF_OURS.exec(correlationId);
  return parts ? `${parts[1]}${parts[2]}${parts[3]}${parts[4]}${parts[5]}` : undefined;
}
