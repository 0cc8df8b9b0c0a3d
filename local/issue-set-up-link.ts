import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '@trancendos/platform/config';
import { z } from 'zod';
import { REPOSITORY } from './config.ts';
import type { PlatformAddresses } from './start-platform.ts';
import { tellError } from './tell-error.ts';

const WITHIN_MS = 15_000;
const Issued = z.object({ link: z.url() });

/** A link that makes the console's first account, an admin; undefined where there is an account already, or none can be issued. */
export async function issueSetUpLink(
  { console, databaseUrl }: Pick<PlatformAddresses, 'console' | 'databaseUrl'>,
  report: (line: string) => void,
): Promise<string | undefined> {
  const program = join(REPOSITORY, 'realtime', 'dist', 'accounts', 'manage-accounts.js');
  const environment = childEnvironment({ DATABASE_URL: databaseUrl, DATABASE_URL_FILE: undefined, NODE_OPTIONS: undefined });
  try {
    const args = [program, 'set-up-link', '--json', '--console', console];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment, timeout: WITHIN_MS });
    return Issued.parse(JSON.parse(stdout)).link;
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string };
    if (!stderr?.startsWith('There is an account already')) report(`no set-up link for the console: ${tellError(error)}`);
    return undefined;
  }
}
