import { compileShape, type Fits } from '@trancendos/platform/compile-shape';
import type { z } from 'zod';
import { describeMisfits } from './describe-misfits.ts';
import { holdsCardNumber, isCardNumberAsAmount, surelyNoCardNumber } from './find-card-number.ts';
import { parseStrictJson, type Scalar, type ScalarChecks } from './parse-strict-json.ts';
import type { Refusal } from './refusal.ts';

const CHECKS: ScalarChecks = {
  check: (scalar) => refuseCardNumber(scalar) ?? refuseRounded(scalar),
  // Numbers that are whole after rounding alone are looked at closely whatever is said here.
  refusesNoneOf: surelyNoCardNumber,
};

const compiled = new WeakMap<z.ZodType, Fits | undefined>();

/** Compiles what is needed to read bodies by `schema`, which takes some 10 ms that the first of them then need not wait for. */
export function prepareBody(schema: z.ZodType): Fits | undefined {
  if (!compiled.has(schema)) compiled.set(schema, compileShape(schema));
  return compiled.get(schema);
}

/**
 * Reads a JSON body by its schema. A card number anywhere in it, be it in a field that is refused for another reason, is told first,
 * so that its sender learns of it; nothing of a refused body leaves this function.
 */
export function readBody<S extends z.ZodType>(schema: S, bytes: Uint8Array): { readonly read: z.output<S> } | Refusal {
  const json = parseStrictJson(bytes, CHECKS);
  if ('refused' in json) return json;
  if (prepareBody(schema)?.(json.value)) return { read: json.value as z.output<S> };
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return { read: parsed.data };
  const again = schema.safeParse(json.value, { reportInput: true }); // to tell what is missing from what is wrong
  return describeMisfits(again.error?.issues ?? []);
}

function refuseCardNumber(scalar: Scalar): Refusal | undefined {
  if (!mayBeCardNumber(scalar)) return undefined;
  return { refused: 'card_number_refused', misfits: [{ pointer: scalar.pointer(), detail: 'looks like a card number' }] };
}

function mayBeCardNumber({ kind, text, pointer }: Scalar): boolean {
  if (kind !== 'number') return holdsCardNumber(text);
  const value = Number(text);
  if (text.length < 13 || !Number.isSafeInteger(value)) return holdsCardNumber(text);
  return pointer() === '/amount_minor' ? isCardNumberAsAmount(value) : holdsCardNumber(text) || holdsCardNumber(String(value));
}

/** A fraction so fine that parsing rounds it to a whole number would pass for that number. */
function refuseRounded({ kind, text, pointer }: Scalar): Refusal | undefined {
  if (kind !== 'number' || !Number.isInteger(Number(text)) || isWhole(text)) return undefined;
  return { refused: 'invalid_field', misfits: [{ pointer: pointer(), detail: 'a number with no fraction' }] };
}

/** Whether a JSON number is whole as it is written, before any rounding: `1e3` and `1249.0` are. */
function isWhole(text: string): boolean {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/\D/g, '');
  const significant = digits.replace(/0+$/, '');
  return significant === '' || Number(exponent) - fraction.length + (digits.length - significant.length) >= 0;
}
