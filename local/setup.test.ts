import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';

interface Counts {
  exitCode?: number | 'ended';
  passed: number;
  failed: number;
  skipped: number;
  browserRan: boolean;
  failures: string[];
}

// The set-up runs before TypeScript is installed, so it is plain JavaScript; these are its types.
const load = async <T>(name: string) => (await import(join(import.meta.dirname, 'setup', name))) as T;
const { addResults, countResults, summaryLine, tellFailures, whyFailed } = await load<{
  addResults: (a: Counts, b: Counts) => Counts;
  countResults: (report: object) => Counts;
  summaryLine: (counts: Counts) => string;
  tellFailures: (counts: Counts) => string;
  whyFailed: (counts: Counts, options: { browserRequired: boolean }) => string | undefined;
}>('run-tests.mjs');
const { readJavaMajor, neededServers } = await load<{
  readJavaMajor: (text: string) => number | undefined;
  neededServers: (environment: Record<string, string>, prefix?: string) => { kafka: boolean; postgres: boolean; redis: boolean };
}>('check-machine.mjs');
const { readZipEntry } = await load<{ readZipEntry: (archive: Buffer, matching: RegExp) => Buffer | undefined }>('read-zip.mjs');

const report = (numPassedTests: number, numFailedTests: number, testResults: object[] = []) => ({
  numPassedTests,
  numFailedTests,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults,
});

describe('the result of a test run', () => {
  test('counts a file that could not be run at all as a failure', () => {
    const counts = countResults(report(3, 1, [{ name: '/x/a.test.ts', status: 'failed', assertionResults: [] }]));
    expect(summaryLine(counts)).toBe('3 passed, 2 failed, 2 skipped');
    expect(whyFailed({ ...counts, exitCode: 1 }, { browserRequired: false })).toBe('2 failed');
  });

  test('is a failure when no test ran, or Jest broke', () => {
    const counts = { passed: 0, failed: 0, skipped: 0, browserRan: false, failures: [] };
    expect(whyFailed({ ...counts, exitCode: 0 }, { browserRequired: false })).toBe('no test ran');
    expect(whyFailed({ ...counts, passed: 5, exitCode: 134 }, { browserRequired: false })).toBe('Jest ended with 134');
    expect(summaryLine({ ...counts, passed: 5 })).toBe('5 passed, 0 failed');
  });

  test('tells at its end what failed and why, and of many the first ten', () => {
    const assertion = (fullName: string) => ({
      status: 'failed',
      fullName,
      failureMessages: ['\u001b[31mError: 1 is not 2\u001b[39m\n\n    at a.ts:3'],
    });
    const file = (count: number) => ({
      name: join(process.cwd(), 'x/a.test.ts'),
      status: 'failed',
      assertionResults: Array(count).fill(assertion('adds')),
    });
    const broken = { name: join(process.cwd(), 'x/b.test.ts'), status: 'failed', message: 'SyntaxError: no', assertionResults: [] };
    expect(tellFailures(countResults(report(3, 1, [file(1), broken])))).toBe(
      'Failed: x/a.test.ts: adds\n    Error: 1 is not 2\n        at a.ts:3\nFailed: x/b.test.ts\n    SyntaxError: no\n',
    );
    expect(tellFailures(countResults(report(3, 12, [file(12)])))).toMatch(/and 2 more\.\n$/);
  });

  test('of two parts counts both, and fails with either', () => {
    const part = { exitCode: 0, passed: 5, failed: 0, skipped: 1, browserRan: false, failures: [] };
    const both = addResults({ ...part, exitCode: 'ended' }, { ...part, browserRan: true });
    expect([summaryLine(both), whyFailed(both, { browserRequired: true })]).toEqual(['10 passed, 0 failed, 2 skipped', undefined]);
    expect(whyFailed(addResults(part, { ...part, exitCode: 134 }), { browserRequired: false })).toBe('Jest ended with 134');
    expect(whyFailed(addResults({ ...part, exitCode: 1, failed: 2 }, part), { browserRequired: false })).toBe('2 failed');
  });

  test('is a failure without the browser test, where that is required', () => {
    const browser = (status: string) => [{ name: '/x/test/browser.e2e.test.ts', status: 'passed', assertionResults: [{ status }] }];
    const skipped = { ...countResults(report(9, 0, browser('pending'))), exitCode: 0 };
    const ran = { ...countResults(report(9, 0, browser('passed'))), exitCode: 0 };
    expect(whyFailed(skipped, { browserRequired: true })).toMatch(/browser/);
    expect(whyFailed(skipped, { browserRequired: false })).toBeUndefined();
    expect(whyFailed(ran, { browserRequired: true })).toBeUndefined();
  });
});

describe('the machine', () => {
  test.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_412"', 8],
    ['openjdk version "25" 2025-09-16', 25],
    ['no Java here', undefined],
  ])('%s is Java %s', (text, major) => {
    expect(readJavaMajor(text)).toBe(major);
  });

  test('has to bring up what no address is given for; an empty variable is none', () => {
    expect(neededServers({ KAFKA_BROKERS: '127.0.0.1:1', REDIS_URL: '' })).toEqual({ kafka: false, postgres: true, redis: true });
    expect(neededServers({ KAFKA_BROKERS: '127.0.0.1:1', TEST_REDIS_URL: 'redis://x' }, 'TEST_')).toEqual({
      kafka: true,
      postgres: true,
      redis: false,
    });
  });
});

describe('a zip archive', () => {
  const archive = zip([
    { name: 'META-INF/', content: '', packed: false },
    { name: 'redis-server-6-linux-arm64', content: 'arm', packed: false },
    { name: 'redis-server-6-linux-amd64', content: 'amd '.repeat(500), packed: true },
  ]);

  test('gives the first entry whose name matches, packed or not', () => {
    expect(readZipEntry(archive, /-linux-amd64$/)?.toString()).toBe('amd '.repeat(500));
    expect(readZipEntry(archive, /-linux-arm64$/)?.toString()).toBe('arm');
    expect(readZipEntry(archive, /-darwin-arm64$/)).toBeUndefined();
  });

  test('that is none is refused', () => {
    expect(() => readZipEntry(Buffer.from('not a zip archive, but long enough to be looked at'), /./)).toThrow('not a zip archive');
  });
});

/** Writes the fields that a reader needs: local headers, central directory, end record. */
function zip(entries: { name: string; content: string; packed: boolean }[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, packed } of entries) {
    const data = packed ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const entry = Buffer.alloc(46 + name.length);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(packed ? 8 : 0, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    entry.write(name, 46);
    bodies.push(local, data);
    directory.push(entry);
    offset += local.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}
