import { parseArgs } from 'node:util';
import { openMock } from './open-mock.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '5174' },
    rate: { type: 'string', default: '20' },
    built: { type: 'boolean', default: false },
  },
});

/** `npm run console:mock`: the console with no backend. Another state: `/mock?state=error&under=/api/ledger&to=/ledger`. */
const { url } = await openMock({ port: Number(values.port), isBuilt: values.built, perSecond: Number(values.rate) });
process.stdout.write(`The console is at ${url}, with made-up payments; ${url}/mock?state=error shows it in another state\n`);
