import { PROBLEMS, type ProblemCode } from './http.ts';
import type { MerchantOperation } from './merchant-operations.ts';

/** An answer of the merchant API, as the document tells them apart. */
export interface DocumentedAnswer {
  readonly operation: MerchantOperation;
  readonly status: number;
  /** The problems that have this status; none for a success. */
  readonly codes: readonly ProblemCode[];
}

interface ResponseHeader {
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly example: string | number;
  /** Whether such an answer may carry it. */
  readonly isOn: (answer: DocumentedAnswer) => boolean;
  /** Every one that may carry it does. */
  readonly isAlways?: true;
}

/** That something is under way: whoever asks again gets further. */
const UNDER_WAY: readonly ProblemCode[] = ['decision_pending', 'operation_in_progress'];
/** What the sender is told before it is known whose limit counts. */
const UNCOUNTED: readonly ProblemCode[] = ['unauthorised', 'address_refused'];

/** Every header that answers of the merchant API say something in, beside those of HTTP itself. */
export const RESPONSE_HEADERS: Readonly<Record<string, ResponseHeader>> = {
  'X-Request-Id': {
    description: 'Of this request: quote it when you ask about it.',
    schema: { type: 'string' },
    example: 'req_01890000-0000-7000-8000-000000000001',
    isOn: () => true,
    isAlways: true,
  },
  'RateLimit-Policy': {
    description: 'How much the API key may ask: `q` requests at once, refilled within `w` seconds.',
    schema: { type: 'string' },
    example: '"key";q=2000;w=2',
    isOn: isCounted,
  },
  RateLimit: {
    description: 'Where the API key stands: `r` requests are left, and in `t` seconds there are more.',
    schema: { type: 'string' },
    example: '"key";r=1999;t=1',
    isOn: isCounted,
  },
  'Retry-After': {
    description: 'Seconds to wait before the same request is sent again.',
    schema: { type: 'integer', minimum: 0 },
    example: 1,
    isOn: ({ operation, status, codes }) =>
      status === 429 || status === 503 || codes.some((code) => UNDER_WAY.includes(code)) || isDecisionOnItsWay(operation, status),
  },
  'Idempotent-Replayed': {
    description: 'The request was sent before, and this is its answer from then. Absent in a first answer.',
    schema: { type: 'string', const: 'true' },
    example: 'true',
    isOn: ({ operation, status }) => operation.idempotencyKey !== undefined && status < 300,
  },
  Location: {
    description: 'Where to ask for it.',
    schema: { type: 'string', format: 'uri-reference' },
    example: '/v1/transactions/order-1001',
    isOn: ({ operation, status }) => status === 201 || isDecisionOnItsWay(operation, status),
  },
  'WWW-Authenticate': {
    description: 'There where the API key is missing or not known.',
    schema: { type: 'string', const: 'Bearer' },
    example: 'Bearer',
    isOn: ({ status }) => status === PROBLEMS.unauthorised.status,
  },
};

function isCounted({ codes }: DocumentedAnswer): boolean {
  return codes.length === 0 || codes.some((code) => !UNCOUNTED.includes(code));
}

/** A payment or operation whose repeat has to wait; a label that is parked, or an event that is queued, is done as far as its sender goes. */
function isDecisionOnItsWay({ idempotencyKey }: MerchantOperation, status: number): boolean {
  return idempotencyKey === 'required' && status === 202;
}
