import type { HttpRequest } from '@trancendos/bench/http-connection';
import { IdleConnections } from '@trancendos/bench/idle-connections';
import type { TransactionAnswer } from '@trancendos/contracts/http';
import type { OperationsAnswer } from '@trancendos/contracts/operation';
import type { TestPlatform } from './start-test-platform.ts';
import { waitUntil } from './wait-until.ts';
import { watchStalls } from './watch-stalls.ts';

/** How hard and how long, and when scoring is killed. */
export interface KillPlan {
  /** Requests begun each second, whatever becomes of the earlier ones. */
  readonly rate: number;
  /** Before the measured seconds, at the same rate: processes that have just started are slow. Of its answers only the money is looked at. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Of the measured ones. */
  readonly killAtSecond: number;
  readonly deadlineMs: number;
  /** What may be added to an answer's time by a machine that everything shares, the sender too. */
  readonly slackMs: number;
}

/** What came of it; latencies in milliseconds from the moment a request was due. */
export interface KillReport {
  readonly asked: number;
  readonly answered: number;
  /** Answers that are none: refused, or no answer at all; what, and when asked. */
  readonly failed: readonly string[];
  readonly pending: number;
  readonly degraded: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Answers that took longer than deadline and slack, without what the sender itself stood still: which, status, time, when asked. */
  readonly late: readonly string[];
  /** Answers whose money is not what the API says afterwards, or is not that of its action. */
  readonly disagreeing: readonly string[];
}

type Answered = {
  readonly id: string;
  readonly dueMs: number;
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly status: number;
  /** Read when all is over: the sender runs on the machine that it measures. */
  readonly text: string;
};

/** More than rate times deadline. */
const CONNECTIONS = 256;
const MONEY_OF_ACTION = { approve: 'posted', review: 'pending', decline: 'none' } as const;

/**
 * Sends payments at a fixed rate, kills scoring with SIGKILL on the way, and looks at every answer: that it came by its deadline, that it
 * says so where the policy decided, and that its money is where the API says it is afterwards.
 */
export async function killScoringUnderLoad(platform: TestPlatform, plan: KillPlan): Promise<KillReport> {
  const connections = new IdleConnections(platform.api, CONNECTIONS);
  await connections.open(CONNECTIONS);
  const mark = `kill-${Date.now().toString(36)}`;
  const everything: Answered[] = [];
  const failed: string[] = [];
  const warmUps = plan.rate * plan.warmUpSeconds;
  const total = warmUps + plan.rate * plan.seconds;
  const stalls = watchStalls();
  const startedMs = performance.now();
  const askedAt = (sentMs: number) => `asked at ${Math.round(sentMs - startedMs) - plan.warmUpSeconds * 1000} ms`;
  const asked: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const dueMs = startedMs + (index / plan.rate) * 1000;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await new Promise((resolve) => setTimeout(resolve, earlyMs));
    if (index === warmUps + plan.rate * plan.killAtSecond) platform.kill('scoring', 'SIGKILL');
    const sentMs = performance.now();
    asked.push(
      ask({ connections, apiKey: platform.apiKey }, `${mark}-${index}`, plan.deadlineMs).then(
        (got) => void everything.push({ ...got, dueMs, sentMs, answeredMs: performance.now() }),
        (error: unknown) => void failed.push(`${String(error)}, ${askedAt(sentMs)}`),
      ),
    );
  }
  await Promise.all(asked);
  stalls.stop();
  const disagreeing = await findDisagreeing(
    { connections, apiKey: platform.apiKey },
    everything.filter(({ status }) => status === 200),
  );
  connections.close();
  const answered = everything.filter(({ dueMs }) => dueMs >= startedMs + plan.warmUpSeconds * 1000);
  const refused = answered.filter(({ status }) => status !== 200 && status !== 202);
  const degraded = answered.filter(({ status, text }) => {
    const answer = status === 200 ? answerOf(text) : undefined;
    return answer?.degraded && answer.degraded_causes.includes('deadline');
  });
  const times = answered.map(({ dueMs, answeredMs }) => answeredMs - dueMs).sort((one, other) => one - other);
  const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  return {
    asked: total - warmUps,
    answered: answered.length - refused.length,
    failed: [...failed, ...refused.map(({ status, sentMs }) => `${status}, ${askedAt(sentMs)}`)],
    pending: answered.filter(({ status }) => status === 202).length,
    degraded: degraded.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    late: answered
      .map((got) => ({ ...got, ms: got.answeredMs - got.sentMs - stalls.stalledMs(got.sentMs, got.answeredMs) }))
      .filter(({ ms }) => ms > plan.deadlineMs + plan.slackMs)
      .map(({ id, status, ms, sentMs }) => `${id}: ${status} after ${Math.round(ms)} ms, ${askedAt(sentMs)}`),
    disagreeing,
  };
}

interface Asking {
  readonly connections: IdleConnections;
  readonly apiKey: string;
}

async function exchange({ connections }: Asking, request: HttpRequest) {
  const connection = await connections.take();
  return await connection.exchange(request).finally(() => connections.giveBack(connection));
}

async function ask(asking: Asking, id: string, deadlineMs: number) {
  const body = {
    transaction_id: id,
    occurred_at: new Date().toISOString(),
    amount_minor: 1249,
    currency: 'EUR',
    payer: { account_id: `ACC-KILL-${id.length}-${Math.floor(Math.random() * 500)}` },
    deadline_ms: deadlineMs,
  };
  const { httpStatus, text } = await exchange(asking, {
    method: 'POST',
    path: '/v1/transactions',
    headers: { authorization: `Bearer ${asking.apiKey}`, 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify(body),
  });
  return { id, status: httpStatus, text };
}

/** Asks again, in the end, for every decided payment: the first answer must have said what became of the money. */
async function findDisagreeing(asking: Asking, decided: readonly Answered[]): Promise<string[]> {
  const found: string[] = [];
  const headers = { authorization: `Bearer ${asking.apiKey}` };
  const get = async (path: string): Promise<unknown> =>
    JSON.parse((await exchange(asking, { method: 'GET', path, headers, body: '' })).text);
  const check = async ({ id, text }: Answered): Promise<void> => {
    const answer = answerOf(text);
    const now = (await waitUntil(`the answer to ${id}`, async () => {
      const asked = (await get(`/v1/transactions/${id}`)) as TransactionAnswer;
      return asked.status !== 'pending' && asked;
    })) satisfies TransactionAnswer;
    const { operations } = (await get(`/v1/transactions/${id}/operations`)) as OperationsAnswer;
    if (!agree(answer, now, operations.length))
      found.push(`${id}: ${answer.action} ${answer.money?.state}, then ${now.action} ${now.money?.state}`);
  };
  for (let start = 0; start < decided.length; start += 100) await Promise.all(decided.slice(start, start + 100).map(check));
  return found;
}

function answerOf(text: string): TransactionAnswer {
  return JSON.parse(text) as TransactionAnswer;
}

/** An answer and what is told later; where something has been done to the money since, only that it is the same decision. */
function agree(first: TransactionAnswer, now: TransactionAnswer, operations: number): boolean {
  if (first.action === null || first.money?.state !== MONEY_OF_ACTION[first.action]) return false;
  if (now.decision_id !== first.decision_id || now.money?.transfer_id !== first.money.transfer_id) return false;
  return operations > 0 || now.money.state === first.money.state;
}
