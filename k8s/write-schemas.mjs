/**
 * Strict JSON Schemas for kubeconform: `write-schemas.mjs OUT SWAGGER [CRD FILE ...]`, from the OpenAPI document that Kubernetes is released
 * with and from custom resource definitions. Strict: a field that is not declared is refused, so a misspelt one is found.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const [out, swagger, ...crdFiles] = process.argv.slice(2);
mkdirSync(out, { recursive: true });

/** Types whose values are not of the JSON type that they are declared with. */
const AS_WRITTEN = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { oneOf: [{ type: 'string' }, { type: 'integer' }] },
};
const FREE_FORM = /\.(RawExtension|FieldsV1|JSON|JSONSchemaPropsOrArray|JSONSchemaPropsOrBool|JSONSchemaPropsOrStringArray)$/;

const { definitions: declared } = JSON.parse(readFileSync(swagger, 'utf8'));
const definitions = Object.fromEntries(
  Object.entries(declared).map(([name, schema]) => [
    name,
    AS_WRITTEN[name] ?? (FREE_FORM.test(name) ? {} : close(structuredClone(schema))),
  ]),
);
let written = 0;
for (const [name, schema] of Object.entries(declared)) {
  const kinds = schema['x-kubernetes-group-version-kind'] ?? [];
  if (kinds.length === 1) write(kinds[0], structuredClone(definitions[name]), definitions);
}
for (const file of crdFiles) {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8')).map((parsed) => parsed.toJS())) {
    if (document?.kind !== 'CustomResourceDefinition') continue;
    const { group, names, versions } = document.spec;
    for (const { name: version, schema } of versions) {
      const closed = close(structuredClone(schema.openAPIV3Schema));
      closed.properties = { ...closed.properties, metadata: { type: 'object' } };
      write({ group, version, kind: names.kind }, closed, {});
    }
  }
}
process.stdout.write(`${written} schemas\n`);

/** Refuses what is not declared, in this schema and in all below; what may be left out may also be null. */
function close(schema) {
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] || schema['x-kubernetes-embedded-resource'];
  translateExtensions(schema);
  const required = new Set(schema.required);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    close(property);
    if (!required.has(name)) schema.properties[name] = orNull(property);
  }
  if (schema.properties && !isOpen) schema.additionalProperties ??= false;
  for (const inner of schemasIn(schema)) close(inner);
  return schema;
}

function translateExtensions(schema) {
  if (schema['x-kubernetes-int-or-string']) {
    delete schema.type;
    schema.anyOf = [{ type: 'integer' }, { type: 'string' }];
  }
  for (const key of Object.keys(schema)) if (key.startsWith('x-kubernetes-')) delete schema[key];
}

/** Alternatives of a structural schema restrict values and name fields only in passing; those stay open. */
function schemasIn({ items, additionalProperties, not, anyOf = [], oneOf = [], allOf = [] }) {
  const alternatives = [...anyOf, ...oneOf, ...allOf].filter(({ properties }) => !properties);
  return [items, additionalProperties, not, ...alternatives].filter((inner) => inner && typeof inner === 'object');
}

function orNull(property) {
  if (property.$ref) return { anyOf: [{ $ref: property.$ref }, { type: 'null' }] };
  if (typeof property.type !== 'string') return property;
  return { ...property, type: [property.type, 'null'], ...(property.enum && { enum: [...property.enum, null] }) };
}

function write({ group, version, kind }, schema, known) {
  schema.properties = {
    ...schema.properties,
    apiVersion: { type: 'string', enum: [[group, version].filter(Boolean).join('/')] },
    kind: { type: 'string', enum: [kind] },
  };
  schema.required = [...new Set([...(schema.required ?? []), 'apiVersion', 'kind'])];
  const needed = Object.fromEntries([...reachable(schema, known)].map((name) => [name, known[name]]));
  const file = [kind.toLowerCase(), group.split('.')[0], version].filter(Boolean).join('-').toLowerCase();
  writeFileSync(
    join(out, `${file}.json`),
    JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema, definitions: needed }),
  );
  written += 1;
}

/** Names of the definitions that a schema refers to, directly or through others. */
function reachable(schema, known, found = new Set()) {
  for (const [, name] of JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g)) {
    if (found.has(name)) continue;
    found.add(name);
    reachable(known[name], known, found);
  }
  return found;
}
