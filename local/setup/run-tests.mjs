import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { isInstalled } from './check-machine.mjs';
import { inRoot, root } from './paths.mjs';
import { runChild } from './run-child.mjs';
import { runStep, say } from './run-step.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const BROWSER_TEST = 'browser.e2e.test.ts';

/** Failures told again at the end of a run, and lines of the reason of each: together less than a screen of a CI log keeps. */
const FAILURES_TOLD = 10;
const REASON_LINES = 8;

/** Prettier and ESLint over everything. Rejects with what they have found. */
export async function lint(node) {
  const program = (path) => inRoot('node_modules', ...path.split('/'));
  await runStep('Checking the format', node, [program('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'], { cwd: root });
  await runStep('Linting', node, [program('eslint/bin/eslint.js'), '.', '--max-warnings', '0'], { cwd: root });
}

/** The browser of the end-to-end test: Debian's package where it is missing and may be installed, else one line that says so. */
export async function installBrowser() {
  if (BROWSERS.some(isInstalled)) return;
  if (process.getuid?.() === 0 && isInstalled('apt-get')) {
    try {
      await runStep('Fetching the package lists', 'apt-get', ['update', '-qq']);
      await runStep('Installing chromium', 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
      return;
    } catch (error) {
      say(error.message.split('\n')[0]);
    }
  }
  say('There is no Chromium here, so the browser test is skipped: install the package chromium to run it.');
}

/** Runs Jest. Gives what it found, or undefined when it broke before it could say. */
export async function runJest(node, args) {
  const folder = mkdtempSync(join(tmpdir(), 'jest-'));
  const report = join(folder, 'report.json');
  const env = { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings`.trim() };
  const jest = [inRoot('node_modules', 'jest', 'bin', 'jest.js'), '--json', `--outputFile=${report}`, ...args];
  try {
    const exitCode = await runChild(node, jest, { cwd: root, env, isDone: () => existsSync(report) });
    return { exitCode, ...readReport(report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts of runs that belong together, as one. */
export function addResults(a, b) {
  return {
    exitCode: [a.exitCode, b.exitCode].find((code) => code !== 0 && code !== 'ended') ?? 0,
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    browserRan: a.browserRan || b.browserRan,
    failures: [...a.failures, ...b.failures],
  };
}

function readReport(file) {
  try {
    return countResults(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return countResults({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] });
  }
}

/** The counts of a Jest report. A file that could not be run at all counts as a failed test. */
export function countResults(report) {
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const browser = report.testResults.find((file) => file.name.endsWith(BROWSER_TEST));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
    browserRan: browser?.assertionResults.some(({ status }) => status === 'passed') ?? false,
    failures: report.testResults.flatMap(namesOfFailures),
  };
}

/** What failed in a file of a Jest report, each with its name and the head of its reason. */
function namesOfFailures({ name, status, message, assertionResults }) {
  const file = relative(root, name);
  if (status === 'failed' && assertionResults.length === 0) return [`${file}\n${headOf(message)}`];
  const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
  return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}\n${headOf(failureMessages?.[0])}`);
}

function headOf(message = '') {
  const lines = stripVTControlCharacters(message).split('\n');
  const said = lines.filter((line) => line.trim() !== '').slice(0, REASON_LINES);
  return said.map((line) => `    ${line}`).join('\n');
}

/** What failed, for the end of a run whose beginning nobody may see again. */
export function tellFailures({ failures }) {
  const told = failures.slice(0, FAILURES_TOLD).map((failure) => `Failed: ${failure}\n`);
  if (failures.length > told.length) told.push(`and ${failures.length - told.length} more.\n`);
  return told.join('');
}

/** Why a run that counted so did not pass; undefined when it did. */
export function whyFailed({ exitCode, passed, failed, browserRan }, { browserRequired }) {
  if (failed > 0) return `${failed} failed`;
  if (exitCode !== 0 && exitCode !== 'ended') return `Jest ended with ${exitCode}`;
  if (passed === 0) return 'no test ran';
  if (browserRequired && !browserRan) return `the browser test (test/${BROWSER_TEST}) did not run`;
  return undefined;
}

/** The last line of a test run. */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
