import { loadConfig } from '@trancendos/platform/config';
import { LocalConfig } from './config.ts';
import { StartError } from './start-error.ts';
import { wipeAbandoned, wipeDirectory } from './wipe-directory.ts';

/** `npm run local:reset`: removes the data of local runs. */
const { LOCAL_DIR } = loadConfig(LocalConfig);
try {
  await wipeDirectory(LOCAL_DIR);
  await wipeAbandoned(LOCAL_DIR, 'test-');
  process.stderr.write(`the data in ${LOCAL_DIR} is removed\n`);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
