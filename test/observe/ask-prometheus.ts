import { z } from 'zod';

const ANSWER_WITHIN_MS = 10_000;

const Sample = z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) });
const Vector = z.object({ status: z.literal('success'), data: z.object({ resultType: z.literal('vector'), result: z.array(Sample) }) });
const Failure = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });
const Rules = z.object({
  status: z.literal('success'),
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        rules: z.array(
          z.object({
            name: z.string(),
            type: z.enum(['alerting', 'recording']),
            health: z.string(),
            state: z.string().optional(),
            lastError: z.string().optional(),
          }),
        ),
      }),
    ),
  }),
});
export type RuleState = z.output<typeof Rules>['data']['groups'][number]['rules'][number];

/** What a query gave now: values of its series, those that are no number left out; or why there is none. */
export type Answer = { readonly kind: 'values'; readonly values: readonly number[] } | { readonly kind: 'error'; readonly error: string };

/** Asks a query as of now. */
export async function askPrometheus(url: string, query: string): Promise<Answer> {
  const answer = await getJson(`${url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
  const failure = Failure.safeParse(answer);
  if (failure.success) return { kind: 'error', error: `${failure.data.errorType}: ${failure.data.error}` };
  const { result } = Vector.parse(answer).data;
  return { kind: 'values', values: result.map(({ value }) => Number(value[1])).filter((value) => !Number.isNaN(value)) };
}

/** Every rule that Prometheus evaluates, and how it is. */
export async function listRules(url: string): Promise<readonly RuleState[]> {
  return Rules.parse(await getJson(`${url}/api/v1/rules`)).data.groups.flatMap(({ rules }) => rules);
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  return response.json();
}
