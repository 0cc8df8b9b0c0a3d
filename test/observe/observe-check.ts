import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPlatform } from '@trancendos/local/start-platform';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { repositoryRoot } from '../read-sources.ts';
import { askPrometheus, listRules, type Answer } from './ask-prometheus.ts';
import { listQuestions, type Question } from './list-questions.ts';
import { watchFeed } from './watch-feed.ts';

/**
 * `npm run observe:check`: starts a platform of its own with demo traffic, Prometheus and Alertmanager, and asks every query of every dashboard
 * and alert until each is answered. Prints a table, and fails on an error or on an answer that stays empty.
 */
const TRAFFIC_RATE = 20;
const ASK_EVERY_MS = 10_000;
/** Demo traffic imports history first, and labels come after that. */
const DATA_WITHIN_MS = 420_000;

type Verdict = 'ok' | 'empty' | 'error' | 'waiting';
interface Result {
  readonly question: Question;
  readonly answer: Answer;
  readonly verdict: Verdict;
}

const say = (line: string) => void process.stderr.write(`${line}\n`);
const broken = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, () => broken.abort());

process.exitCode = await check();
process.exit();

async function check(): Promise<number> {
  const parent = join(repositoryRoot, '.local');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'observe-'));
  const begunMs = Date.now();
  say('starting a platform with Prometheus and Alertmanager');
  try {
    return await checkIn(directory, begunMs);
  } finally {
    await wipeDirectory(directory);
  }
}

async function checkIn(directory: string, begunMs: number): Promise<number> {
  const platform = await startPlatform({
    directory,
    small: true,
    trafficRate: TRAFFIC_RATE,
    watch: {},
    environment: { LOG_LEVEL: 'warn', LOG_FORMAT: 'json' },
    report: say,
    signal: broken.signal,
  });
  try {
    const { prometheus, alertmanager } = platform;
    if (prometheus === undefined || alertmanager === undefined) return 1; // the start has said what is missing
    const page = await watchFeed(platform.console, platform.login);
    const results = await askUntilAnswered(prometheus);
    page.stop();
    const rules = await listRules(prometheus);
    process.stdout.write(tableOf(results));
    const unwell = rules.filter(({ health }) => health !== 'ok');
    for (const { name, health, lastError } of unwell) say(`rule ${name} is ${health}: ${lastError ?? ''}`);
    const firing = rules.filter(({ state }) => state === 'firing').map(({ name }) => name);
    say(`firing now: ${firing.length === 0 ? 'none' : [...new Set(firing)].join(', ')}`);
    const failed = results.filter(({ verdict }) => verdict === 'error' || verdict === 'waiting').length + unwell.length;
    process.stdout.write(summaryOf(results, { rules: rules.length, failed, tookMs: Date.now() - begunMs }));
    return failed === 0 ? 0 : 1;
  } finally {
    await platform.stop();
  }
}

/** Asks everything again and again until all of it is answered, or time is up. */
async function askUntilAnswered(prometheus: string): Promise<readonly Result[]> {
  const deadlineMs = Date.now() + DATA_WITHIN_MS;
  for (;;) {
    const results: Result[] = [];
    for (const question of listQuestions()) results.push(judge(question, await askPrometheus(prometheus, question.expr)));
    const waiting = results.filter(({ verdict }) => verdict === 'waiting');
    if (waiting.length === 0 || Date.now() > deadlineMs || broken.signal.aborted) return results;
    const [first] = waiting;
    say(
      `${results.length - waiting.length} of ${results.length} answered, ${waiting.length} wait for data, as ${first?.question.name ?? ''}`,
    );
    await sleep(ASK_EVERY_MS, undefined, { signal: broken.signal }).catch(() => undefined);
  }
}

function judge(question: Question, answer: Answer): Result {
  if (answer.kind === 'error') return { question, answer, verdict: 'error' };
  if (answer.values.length > 0) return { question, answer, verdict: 'ok' };
  return { question, answer, verdict: question.mayBeEmpty === undefined ? 'waiting' : 'empty' };
}

function tableOf(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ question }) => question.name.length));
  const lines = results.map(
    ({ question, answer, verdict }) =>
      `${question.place.padEnd(16)} ${question.name.padEnd(width)} ${sayAnswer(question, answer, verdict)}`,
  );
  return `${lines.join('\n')}\n`;
}

function sayAnswer({ mayBeEmpty }: Question, answer: Answer, verdict: Verdict): string {
  if (answer.kind === 'error') return `FAILED   ${answer.error}`;
  if (verdict === 'waiting') return 'FAILED   no data';
  if (verdict === 'empty') return `ok       empty: ${mayBeEmpty ?? ''}`;
  const [first = Number.NaN] = answer.values;
  return `ok       ${answer.values.length} series, the first is ${Number(first.toPrecision(4))}`;
}

function summaryOf(results: readonly Result[], { rules, failed, tookMs }: { rules: number; failed: number; tookMs: number }): string {
  const queries = results.filter(({ question }) => question.place !== 'alert').length;
  const asked = `${queries} queries of panels, ${results.length - queries} of alerts, ${rules} rules evaluated`;
  return `${failed === 0 ? 'passed' : `${failed} FAILED`}: ${asked}, in ${(tookMs / 1000).toFixed(0)} s\n`;
}
