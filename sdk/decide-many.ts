import type { BulkLine } from '@trancendos/contracts/http';
import type { TransactionRequest } from '@trancendos/contracts/transaction';
import { ATTEMPTS_MAX, callApi, type ClientOptions } from './call-api.ts';
import { cutLines, type Lines } from './cut-lines.ts';
import { pause, pauseBefore } from './pause.ts';
import { TrancendosError } from './problem-error.ts';

const LIMITS = { linesMax: 500, bytesMax: 4_000_000 };

/** Decides payments 500 at a time and gives the answer of each, in their order. Lines whose answer may change are sent again among themselves. */
export async function* decideMany(
  options: ClientOptions,
  requests: Iterable<TransactionRequest> | AsyncIterable<TransactionRequest>,
  signal?: AbortSignal,
): AsyncGenerator<BulkLine> {
  for await (const part of cutLines(requests, LIMITS)) yield* await decidePart(options, part, signal);
}

async function decidePart(options: ClientOptions, { before, lines }: Lines, signal?: AbortSignal): Promise<BulkLine[]> {
  const { attemptsMax = ATTEMPTS_MAX } = options;
  const answers: BulkLine[] = [];
  let open = lines.map((_line, index) => index);
  for (let attempt = 1; ; attempt++) {
    const answered = await send(
      options,
      open.map((index) => lines[index] ?? ''),
      signal,
    );
    for (const [place, index] of open.entries()) {
      const answer = answered[place];
      if (answer) answers[index] = { ...answer, line: before + index + 1 };
    }
    open = open.filter((index) => mayPassLater(answers[index]));
    if (open.length === 0 || attempt >= attemptsMax) return answers;
    const afterMs = pauseBefore(attempt) ?? 0;
    options.onRetry?.({ attempt: attempt + 1, afterMs, status: answers[open[0] ?? 0]?.status });
    await pause(afterMs, signal);
  }
}

async function send(options: ClientOptions, lines: readonly string[], signal?: AbortSignal): Promise<BulkLine[]> {
  const answered = await callApi<BulkLine[]>(options, { method: 'POST', path: '/v1/transactions/bulk', lines, signal });
  if (answered.length !== lines.length) throw new TrancendosError({ status: 200, code: 'unreadable_answer' });
  return answered;
}

/** Not decided yet, or something that is needed was away. */
function mayPassLater(line: BulkLine | undefined): boolean {
  return line?.status === 202 || line?.status === 503;
}
