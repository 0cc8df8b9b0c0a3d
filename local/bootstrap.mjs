#!/usr/bin/env node
/**
 * The way into the repository, on a machine with Node 20 and npm only: sets up what a command needs and then runs it on Node 26.
 * Plain JavaScript without dependencies, because it runs before anything is installed. Everything that it says goes to standard error.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { buildConsole, compileSources } from './setup/build-sources.mjs';
import { checkNode, neededServers } from './setup/check-machine.mjs';
import { fetchElasticsearch } from './setup/fetch-elasticsearch.mjs';
import { fetchJars } from './setup/fetch-jars.mjs';
import { fetchPrometheus } from './setup/fetch-prometheus.mjs';
import { installDependencies, nodeProgram } from './setup/install-dependencies.mjs';
import { inRoot, root } from './setup/paths.mjs';
import { runChild } from './setup/run-child.mjs';
import { SetupError, say } from './setup/run-step.mjs';
import { addResults, installBrowser, lint, runJest, summaryLine, tellFailures, whyFailed } from './setup/run-tests.mjs';

const USAGE = `npm start [-- options]     run the platform (npm start -- --help lists the options)
npm test [-- jest options] run all checks and tests; with options only the tests that they choose
npm run check              format, linter, types and unit tests
npm run observe:check      every dashboard panel and alert against a running platform
npm run local:reset        remove the local data
`;

const COMMANDS = { start, test, check, reset, observe, run, 'run-with-servers': runWithServers, 'run-with-platform': runWithPlatform };

async function start(args) {
  if (args.includes('--help') || args.includes('-h')) return runMain(await setUp(), 'local/dist/main.js', args);
  await fetchJars(neededServers());
  if (args.includes('--observe') && !process.env.ELASTICSEARCH_URL) await fetchElasticsearch();
  if (args.includes('--observe') && !(process.env.PROMETHEUS_URL && process.env.ALERTMANAGER_URL)) await fetchPrometheus();
  const node = await setUp();
  await buildConsole();
  return runMain(node, 'local/dist/main.js', args);
}

async function test(args) {
  await fetchJars(neededServers(process.env, 'TEST_'));
  // Where it cannot be had, what needs it is skipped and says so; in CI it fails.
  if (args.length === 0 || args.some((arg) => arg.includes('logs'))) await fetchElasticsearch().catch(({ message }) => say(message));
  const node = await setUp();
  await buildConsole();
  const result = args.length === 0 ? await runEverything(node) : await runJest(node, args);
  const reason = whyFailed(result, { browserRequired: args.length === 0 && process.env.CI === 'true' });
  process.stderr.write(tellFailures(result));
  if (reason !== undefined) say(`Not passed: ${reason}.`);
  process.stdout.write(`${summaryLine(result)}\n`);
  return reason === undefined ? 0 : 1;
}

/**
 * What needs no servers runs beside the linter; suites on the servers two at a time, as they mostly wait; whole platforms one by one, because
 * they measure times. Given servers are one set, for one suite at a time.
 */
async function runEverything(node) {
  await installBrowser();
  await fetchPrometheus();
  const [linted, units] = await Promise.allSettled([lint(node), runUnits(node)]);
  for (const { status, reason } of [linted, units]) if (status === 'rejected') throw reason;
  const { kafka, redis } = neededServers(process.env, 'TEST_');
  const sets = kafka && redis && !process.env.TEST_DATABASE_URL ? 2 : 1;
  const onServers = await runJest(node, ['--selectProjects', 'int', '--maxWorkers', String(sets)]);
  return addResults(addResults(units.value, onServers), await runJest(node, ['--selectProjects', 'e2e']));
}

/** One core is left to whoever runs beside. */
function runUnits(node) {
  return runJest(node, ['--selectProjects', 'unit', '--maxWorkers', String(Math.max(1, availableParallelism() - 1))]);
}

async function check() {
  const node = await setUp();
  await lint(node);
  const result = await runUnits(node);
  process.stderr.write(tellFailures(result));
  process.stdout.write(`${summaryLine(result)}\n`);
  return whyFailed(result, { browserRequired: false }) === undefined ? 0 : 1;
}

async function reset() {
  return runMain(await setUp(), 'local/dist/reset.js', []);
}

/** Every panel and alert against a real Prometheus that watches a platform of its own. */
async function observe(args) {
  await fetchJars(neededServers({}));
  await fetchPrometheus();
  return runMain(await setUp(), 'test/dist/observe/observe-check.js', args);
}

async function run([file, ...args]) {
  if (file === undefined) throw new SetupError('which file? bootstrap.mjs run <js file> [args]');
  const node = await setUp();
  if (file.endsWith('check-console.js')) await buildConsole();
  return runMain(node, file, args);
}

/** For what starts servers of its own; which ones the environment gives holds for it too. */
async function runWithServers([file, ...args]) {
  await fetchJars(neededServers());
  return run([file, ...args]);
}

/** For what starts a whole platform, its console with it. */
async function runWithPlatform([file, ...args]) {
  await fetchJars(neededServers());
  if (file.endsWith('log-outage.js')) await fetchElasticsearch();
  const node = await setUp();
  await buildConsole();
  return runMain(node, file, args);
}

async function setUp() {
  await installDependencies();
  const node = nodeProgram();
  await compileSources(node);
  return node;
}

/** Files are named from the root of the repository, arguments from where the caller is. With the flags of the services: some are measured here. */
function runMain(node, file, args) {
  const { everywhere, onOneMachine } = JSON.parse(readFileSync(inRoot('local/node-flags.json'), 'utf8'));
  return runChild(node, [...everywhere, ...onOneMachine, inRoot(file), ...args], { cwd: process.env.INIT_CWD ?? root, channel: true });
}

/** What the environment does not say, `.env` may; Node before 20.12 cannot read it, but the platform itself does again. */
function readDotEnv() {
  if (existsSync(inRoot('.env')) && process.loadEnvFile) process.loadEnvFile(inRoot('.env'));
}

try {
  checkNode();
  const [name, ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (command) {
    readDotEnv();
    process.exitCode = await command(args);
  } else {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
