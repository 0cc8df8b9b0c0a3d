import type { z } from 'zod';
import { describeMisfits } from './describe-misfits.ts';
import { holdsCardNumber, isCardNumberAsAmount } from './find-card-number.ts';
import { parseStrictJson, type Scalar } from './parse-strict-json.ts';
import type { Refusal } from './refusal.ts';

/**
 * Reads a JSON body by its schema. A card number anywhere in it, be it in a field that is refused for another reason, is told first,
 * so that its sender learns of it; nothing of a refused body leaves this function.
 */
export function readBody<S extends z.ZodType>(schema: S, bytes: Uint8Array): { readonly read: z.output<S> } | Refusal {
  const json = parseStrictJson(bytes);
  if ('refused' in json) return json;
  const suspect = json.scalars.find(mayBeCardNumber);
  if (suspect) return { refused: 'card_number_refused', misfits: [{ pointer: suspect.pointer, detail: 'looks like a card number' }] };
  const parsed = schema.safeParse(json.value, { reportInput: true });
  return parsed.success ? { read: parsed.data } : describeMisfits(parsed.error.issues);
}

function mayBeCardNumber({ kind, text, pointer }: Scalar): boolean {
  if (kind !== 'number') return holdsCardNumber(text);
  const value = Number(text);
  if (pointer === '/amount_minor' && Number.isSafeInteger(value)) return isCardNumberAsAmount(value);
  return holdsCardNumber(text) || (Number.isSafeInteger(value) && holdsCardNumber(String(value)));
}
