import { saidInJsonSchema } from '@trancendos/contracts/said-in-json-schema';
import { _, Ajv2020, type Code, type KeywordCxt } from 'ajv/dist/2020.js';
import { z } from 'zod';

/** Whether a value that was parsed from JSON has a shape. */
export type Fits = (value: unknown) => boolean;

/**
 * What `schema` takes, compiled to functions that copy nothing: a third of the time that zod takes for an outcome. Only for shapes that
 * change nothing of what they take, and which JSON Schema can say whole; undefined for others. What does not fit is told by zod.
 */
export function compileShape(schema: z.ZodType): Fits | undefined {
  const json = renderShape(schema);
  return json && ajv.compile(cutUp(json));
}

/** A schema, or a part of one. */
type Part = Record<string, unknown>;

/**
 * The same with every object in it as a definition, of which Ajv makes a function each. A single one for an outcome takes V8 a tenth of a
 * second to compile, and that again whenever a field holds for the first time what it has never held.
 */
function cutUp(json: Part): Part {
  const definitions: Part = {};
  const apart = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(apart);
    const part = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, apart(inner)]));
    if (part['type'] !== 'object' || value === json) return part;
    const name = `o${Object.keys(definitions).length}`;
    definitions[name] = part;
    return { $ref: `#/$defs/${name}` };
  };
  return { ...(apart(json) as Part), $defs: definitions };
}

// As zod judges: no number is infinite. Formats are said by patterns too.
const ajv = new Ajv2020({ strict: false, inlineRefs: false, strictNumbers: true, validateFormats: false, messages: false, logger: false });

/** When a text is too long or too short. In code points, as zod counts; they are counted only where the number of code units leaves it open. */
const MISFITS: Record<string, (text: Code, limit: number) => Code> = {
  maxLength: (text, most) => _`${text}.length > ${most} && (${text}.length > ${2 * most} || Array.from(${text}).length > ${most})`,
  minLength: (text, least) => _`${text}.length < ${2 * least} && Array.from(${text}).length < ${least}`,
};
for (const [keyword, misfit] of Object.entries(MISFITS)) {
  const code = (context: KeywordCxt) => context.fail(misfit(context.data, Number(context.schema)));
  ajv.removeKeyword(keyword).addKeyword({ keyword, type: 'string', schemaType: 'number', code });
}

function renderShape(schema: z.ZodType): z.core.JSONSchema.JSONSchema | undefined {
  const unsaid: unknown[] = [];
  const json = z.toJSONSchema(schema, {
    metadata: saidInJsonSchema,
    unrepresentable: 'any',
    override: ({ zodSchema }) => {
      if (!isSayable(zodSchema)) unsaid.push(zodSchema);
    },
  });
  return unsaid.length > 0 ? undefined : json;
}

/** Checks that zod renders itself. */
const DECLARED = new Set<string>(
  'less_than greater_than multiple_of number_format min_length max_length length_equals string_format'.split(' '),
);

/** Kinds whose output is their input, and which JSON Schema can express. */
const PLAIN = new Set<string>('string number int boolean null literal enum array tuple object record union optional nullable'.split(' '));

function isSayable(schema: z.core.$ZodTypes): boolean {
  const { def } = schema._zod;
  if (!PLAIN.has(def.type) || ('coerce' in def && def.coerce)) return false;
  // An object that is not strict would leave out what it does not know.
  if (def.type === 'object' && def.catchall?._zod.def.type !== 'never') return false;
  return refinementsOf(schema) === refinementsOf(saidOf(schema));
}

/** The schema that `schema` was made from whose refinements are said; undefined where there is none. */
function saidOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  for (let made: z.core.$ZodType | undefined = schema; made; made = made._zod.parent) if (saidInJsonSchema.has(made)) return made;
  return undefined;
}

function refinementsOf(schema: z.core.$ZodType | undefined): number {
  return schema?._zod.def.checks?.filter((check) => !DECLARED.has(check._zod.def.check)).length ?? 0;
}
