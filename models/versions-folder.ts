import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where model versions lie: `versions/` of this package, for sources as well as for built code in `dist`. */
export function versionsFolder(): string {
  const here = import.meta.dirname;
  return join(existsSync(join(here, 'package.json')) ? here : dirname(here), 'versions');
}
