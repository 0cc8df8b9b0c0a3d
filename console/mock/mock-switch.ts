import type { IncomingMessage } from 'node:http';

/** What the mock pretends. `ready` is an ordinary day; `slow` answers after three seconds; the others are one state of every panel each. */
export const MOCK_STATES = ['ready', 'loading', 'empty', 'error', 'stale', 'denied', 'offline', 'slow', 'signed-out', 'expiring'] as const;
export type MockState = (typeof MOCK_STATES)[number];

/** Cookie with the state, for this browser alone: `error`, or `error:/api/ledger/v1/accounts` for one address and what lies below it. */
export const MOCK_COOKIE = 'mock';

export interface MockSwitch {
  readonly state: MockState;
  /** Where it holds; undefined everywhere. */
  readonly under: string | undefined;
}

/** What a browser has chosen. */
export function readMockSwitch({ headers }: Pick<IncomingMessage, 'headers'>): MockSwitch {
  const value = /(?:^|;\s*)mock=([^;]*)/.exec(headers.cookie ?? '')?.[1];
  const [name = '', under] = decodeURIComponent(value ?? 'ready').split(':', 2);
  const state = MOCK_STATES.find((known) => known === name) ?? 'ready';
  return { state, under };
}

/** The state that holds for a path. */
export function stateAt(path: string, { state, under }: MockSwitch): MockState {
  return under === undefined || path.startsWith(under) ? state : 'ready';
}
