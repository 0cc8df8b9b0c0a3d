import { parseArgs } from 'node:util';
import { killScoringUnderLoad } from './kill-under-load.ts';
import { startTestPlatform } from './start-test-platform.ts';

/**
 * Kills scoring with SIGKILL while payments come in at a fixed rate, and looks at every answer. `npm run path:kill-scoring -- --rate 500`.
 * Ends with 1 where an answer failed, was late, or disagrees with the money.
 */
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '500' },
    'warm-up': { type: 'string', default: '40' },
    seconds: { type: 'string', default: '20' },
    'kill-at': { type: 'string', default: '8' },
    'deadline-ms': { type: 'string', default: '250' },
    'slack-ms': { type: 'string', default: '50' },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
if (values.help) {
  say('npm run path:kill-scoring -- [--rate 500] [--warm-up 40] [--seconds 20] [--kill-at 8] [--deadline-ms 250] [--slack-ms 50]');
  process.exit(0);
}
const platform = await startTestPlatform({}, { small: false });
try {
  const report = await killScoringUnderLoad(platform, {
    rate: Number(values.rate),
    warmUpSeconds: Number(values['warm-up']),
    seconds: Number(values.seconds),
    killAtSecond: Number(values['kill-at']),
    deadlineMs: Number(values['deadline-ms']),
    slackMs: Number(values['slack-ms']),
  });
  say(JSON.stringify({ offeredRate: Number(values.rate), deadlineMs: Number(values['deadline-ms']), ...report }, null, 2));
  process.exitCode = report.failed.length + report.late.length + report.disagreeing.length > 0 ? 1 : 0;
} finally {
  await platform.stop();
}
