import { describe, expect, test } from '@jest/globals';
import { CALLER_HEADER } from '@trancendos/contracts/caller';
import { randomBytes } from 'node:crypto';
import { signCaller } from './caller-identity.ts';
import { nowMs } from './clock.ts';
import { newId } from './new-id.ts';
import { callerOf, verifyCallers } from './verify-callers.ts';

const key = { id: 'k1', secret: randomBytes(32) };
const ada = { user_id: 'usr_1', name: 'ada', roles: ['analyst'], capabilities: ['live:read'], audience: 'review' as const };

interface FakeRequest {
  readonly id: string;
  readonly url: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

/** Lets one request through the hook: the problem that it was answered with, or whom it was let through for. */
function ask(url: string, header?: string | string[]) {
  let hook: ((request: FakeRequest, reply: FakeReply, done: () => void) => void) | undefined;
  verifyCallers<FakeRequest, FakeReply>(
    { addHook: (_name, given) => (hook = given) },
    { keys: [key], audience: 'review', mayBeMissing: ({ url: asked }) => asked === '/open' },
  );
  const request: FakeRequest = { id: newId('req'), url, headers: { [CALLER_HEADER]: header } };
  const reply = new FakeReply();
  let passed = false;
  hook!(request, reply, () => (passed = true));
  return { passed, caller: callerOf(request), status: reply.status, body: reply.body };
}

class FakeReply {
  status = 0;
  body = '';
  code(status: number): this {
    this.status = status;
    return this;
  }
  type(): this {
    return this;
  }
  send(body: string): void {
    this.body = body;
  }
}

const signed = () => signCaller({ ...ada, request_id: newId('req') }, key, nowMs());

describe('a service that is asked', () => {
  test('knows for whom', () => {
    expect(ask('/closed', signed())).toMatchObject({ passed: true, caller: { name: 'ada', capabilities: ['live:read'] } });
  });

  test('refuses a request for nobody, except where that is allowed', () => {
    expect(ask('/closed')).toMatchObject({ passed: false, status: 401, caller: undefined });
    expect(JSON.parse(ask('/closed').body)).toMatchObject({ code: 'caller_missing', status: 401 });
    expect(ask('/open')).toEqual({ passed: true, caller: undefined, status: 0, body: '' });
  });

  test('refuses an identity that does not hold even where none is needed', () => {
    for (const header of ['', 'k1.e30.x', `${signed()}x`, [signed(), signed()]]) {
      const answer = ask('/open', header);
      expect([answer.passed, answer.caller]).toEqual([false, undefined]);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'caller_refused', status: 401 });
    }
  });
});
