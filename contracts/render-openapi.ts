import { z } from 'zod';
import { PROBLEMS, Problem, type ProblemCode } from './http.ts';
import { MERCHANT_OPERATIONS, type MerchantOperation } from './merchant-operations.ts';
import { RESPONSE_HEADERS, type DocumentedAnswer } from './response-headers.ts';
import { WebhookEvent } from './webhook.ts';

/** Problems that any address may answer with. */
const ANYWHERE: readonly ProblemCode[] = [
  'unauthorised',
  'signature_missing',
  'signature_invalid',
  'scope_missing',
  'address_refused',
  'rate_limited',
  'internal',
  'unavailable',
];
const MEDIA = { json: 'application/json', ndjson: 'application/x-ndjson' } as const;
const DESCRIPTION = 'Send a transaction and get one answer in which the decision and the money agree, inside the deadline, safe to repeat.';

/** The merchant API as an OpenAPI 3.1 document, made of the same shapes that the service reads and writes. */
export function renderOpenApi(): string {
  const shapes = new Map<string, z.ZodType>([
    ['Problem', Problem],
    ['WebhookEvent', WebhookEvent],
  ]);
  for (const { body, answer, progress } of MERCHANT_OPERATIONS)
    for (const [name, schema] of [answer, ...(body ? [body] : []), ...(progress ? [progress] : [])]) shapes.set(name, schema);
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Trancendos merchant API',
      version: '1.0.0',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    paths: renderPaths(),
    webhooks: { outcome: { post: renderWebhook() } },
    components: {
      headers: renderHeaders(),
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: trn_live_... or trn_test_...' } },
      schemas: Object.fromEntries(
        [...shapes].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, shape]) => [name, schemaOf(shape)]),
      ),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function renderPaths(): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of MERCHANT_OPERATIONS) (paths[operation.path] ??= {})[operation.method.toLowerCase()] = renderOperation(operation);
  return paths;
}

function renderOperation(operation: MerchantOperation): object {
  const { id, summary, scope, path, idempotencyKey, body, example, bodyMayBeEmpty, bodyType = 'json', answerType = 'json' } = operation;
  const { statuses = [200] } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: idempotencyKey === 'required',
    schema: { type: 'string', maxLength: 255 },
  };
  const parameters = [...inPath, ...(idempotencyKey === undefined ? [] : [key])];
  const meanwhile = operation.progress ? { [MEDIA.ndjson]: { schema: refTo(operation.progress[0]) } } : {};
  const content = { [MEDIA[answerType]]: { schema: refTo(operation.answer[0]) }, ...meanwhile };
  return {
    operationId: id,
    summary,
    description: `Needs an API key with the scope \`${scope}\`.`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: bodyMayBeEmpty !== true,
            content: { [MEDIA[bodyType]]: { schema: refTo(body[0]), ...(example && { example }) } },
          },
        }),
    responses: {
      ...Object.fromEntries(
        statuses.map((status) => {
          const description = status === 202 ? 'Accepted; on its way' : 'Done';
          return [status, { description, headers: headersOf({ operation, status, codes: [] }), content }];
        }),
      ),
      ...renderProblems(operation),
    },
  };
}

function renderProblems(operation: MerchantOperation): Record<string, object> {
  const statuses = new Map<number, ProblemCode[]>();
  for (const code of [...ANYWHERE, ...(operation.problems ?? [])])
    statuses.set(PROBLEMS[code].status, [...(statuses.get(PROBLEMS[code].status) ?? []), code]);
  const content = { 'application/problem+json': { schema: refTo('Problem') } };
  return Object.fromEntries(
    [...statuses].map(([status, codes]) => {
      const description = codes.map((code) => `\`${code}\``).join(', ');
      return [status, { description, headers: headersOf({ operation, status, codes }), content }];
    }),
  );
}

function renderHeaders(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(RESPONSE_HEADERS).map(([name, { description, schema, example, isAlways }]) => [
      name,
      { description, ...(isAlways && { required: true }), schema, example },
    ]),
  );
}

function headersOf(answer: DocumentedAnswer): Record<string, object> {
  const names = Object.keys(RESPONSE_HEADERS).filter((name) => RESPONSE_HEADERS[name]?.isOn(answer));
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function renderWebhook(): object {
  return {
    operationId: 'receiveOutcome',
    summary: 'An outcome, as it is posted to your endpoints (Standard Webhooks)',
    security: [],
    requestBody: { required: true, content: { 'application/json': { schema: refTo('WebhookEvent') } } },
    responses: { '2XX': { description: 'Taken; anything else is tried again' } },
  };
}

function refTo(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

/** OpenAPI 3.1 takes JSON Schema as it is, but for the dialect, which the document has. */
function schemaOf(shape: z.ZodType): object {
  return { ...z.toJSONSchema(shape), $schema: undefined };
}
