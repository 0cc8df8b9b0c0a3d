import { dirname, join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { findBreakingChanges, type OpenApiDocument } from './find-breaking-changes.ts';
import { renderOpenApi } from './render-openapi.ts';
import { schemasFolder } from './render-schemas.ts';

/** The document that merchants hold us to. */
export function releasedFile(): string {
  return join(dirname(schemasFolder()), 'released', 'openapi.json');
}

/** `npm run contracts:release`: takes additions over into what is released; refuses what would break a client of it. */
if (import.meta.main) {
  const text = renderOpenApi();
  const breaking = findBreakingChanges(
    JSON.parse(readFileSync(releasedFile(), 'utf8')) as OpenApiDocument,
    JSON.parse(text) as OpenApiDocument,
  );
  for (const line of breaking) process.stderr.write(`${line}\n`);
  if (breaking.length === 0) writeFileSync(releasedFile(), text);
  process.exitCode = breaking.length === 0 ? 0 : 1;
}
