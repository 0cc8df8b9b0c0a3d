/** What the mock answers with. */
export interface MockAnswer {
  readonly status: number;
  readonly body: unknown;
}

export function found(body: unknown): MockAnswer {
  return { status: 200, body };
}

export function missing(code: string): MockAnswer {
  return problem(404, code, 'There is nothing here');
}

/** A problem document, as the gateway sends them. */
export function problem(status: number, code: string, detail: string): MockAnswer {
  return { status, body: { type: `/problems/${code}`, title: detail, status, code, detail } };
}
