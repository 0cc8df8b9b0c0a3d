import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { openDevConsole } from './open-dev-console.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '5173' }, gateway: { type: 'string', default: 'http://127.0.0.1:8080' } },
});

/** `npm run console:dev`: the console from its sources, on a platform that `npm start` runs. */
const server = createServer((request, response) => vite.middlewares(request, response));
const vite = await openDevConsole(server, values.gateway);
server.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(`The console is at http://127.0.0.1:${values.port}, its gateway at ${values.gateway}\n`);
});
