/** Every error that the console's addresses answer with: status, title, and what to do about it. `/problems/<code>` is the type. */
export const REFUSALS = {
  session_missing: { status: 401, title: 'Nobody is signed in', advice: 'Open the sign-in link that `npm start` printed.' },
  session_store_away: {
    status: 503,
    title: 'Sign-in is not possible at the moment',
    advice: 'Sessions are kept in Redis, which does not answer. Open pages go on; try again in a moment.',
  },
  origin_refused: {
    status: 403,
    title: 'This request comes from somewhere else',
    advice: 'Open the console by one of the host names in CONSOLE_HOSTS, and call it from its own page only.',
  },
  not_found: { status: 404, title: 'There is nothing here', advice: 'Check the address.' },
  invalid_account: { status: 400, title: 'This is no account of the ledger', advice: 'Accounts read like `customer:ACC-1:EUR`.' },
  ledger_away: { status: 503, title: 'The ledger does not answer', advice: 'Try again in a moment.' },
  internal: { status: 500, title: 'Something went wrong on our side', advice: 'Report the request id if it goes on.' },
} as const satisfies Record<string, { status: number; title: string; advice: string }>;
export type RefusalCode = keyof typeof REFUSALS;

/** A request that is not served: thrown by guards and controllers, rendered once, by the shell. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
  }
}

/** The RFC 9457 body of a refusal. */
export function renderProblem(code: RefusalCode, requestId: string): Record<string, unknown> {
  const { status, title, advice } = REFUSALS[code];
  return { type: `/problems/${code.replaceAll('_', '-')}`, title, status, code, detail: advice, request_id: requestId };
}
