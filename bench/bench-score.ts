import { loadVersion } from '@trancendos/models/load-version';
import { versionsFolder } from '@trancendos/models/versions-folder';
import { Command } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { drawBenchVersions } from './draw-bench-versions.ts';
import { measureExplanations } from './measure-explanations.ts';
import { measureHotEntities } from './measure-hot-entities.ts';
import { SAMPLE_BELIEFS } from '@trancendos/models/features/sample-beliefs';
import { measureScorer, soakScorer, type ScorerFigures } from './measure-scorer.ts';
import { measureStream } from './measure-stream.ts';

interface Options {
  model?: string;
  soakSeconds: string;
  days: string;
  out?: string;
}

const options = new Command('bench:score')
  .description('Measures the scorer: rows a second by batch, loops against kernels, with features, explanations, and memory over a soak.')
  .option('--model <name>', 'a folder of models/versions; without it the champion where there is one, and drawn weights of its shape')
  .option('--soak-seconds <n>', 'how long memory is watched', '20')
  .option('--days <n>', 'simulated days that the stream with features runs over, after 30 days of history', '14')
  .option('--out <file>', 'also write the figures as JSON')
  .parse()
  .opts<Options>();

const say = (text: string) => void process.stdout.write(`${text}\n`);
const name = options.model ?? (existsSync(join(versionsFolder(), 'luminous-2')) ? 'luminous-2' : undefined);
const drawn = await drawBenchVersions();
try {
  const folders = [...(name === undefined ? [] : [join(versionsFolder(), name)]), ...drawn.folders];
  const scorers: ScorerFigures[] = [];
  for (const folder of folders) {
    const version = await loadVersion(folder);
    scorers.push(measureScorer(version));
    printScorer(scorers.at(-1) as ScorerFigures);
    version.dispose();
  }
  const version = await loadVersion(folders[0] ?? '');
  const stream = measureStream(version, Number(options.days));
  say(
    `\nwith features, ${stream.transactions} transactions of ${stream.days} days, ${stream.features} features, model ${version.manifest.name}`,
  );
  for (const { stage, perSecond, microseconds } of stream.stages) {
    say(`  ${stage.padEnd(38)}${String(perSecond).padStart(10)} a second ${microseconds.toFixed(1).padStart(8)} us each`);
  }
  const { snapshotMb, readSnapshotMs, foldAgainMs } = stream.restart;
  say(
    `  state of ${stream.restart.transactions} transactions: snapshot ${snapshotMb} MB, read in ${readSnapshotMs} ms, folded again in ${foldAgainMs} ms`,
  );
  const hot = measureHotEntities(version.manifest.beliefs ?? SAMPLE_BELIEFS);
  for (const { entity, late, paymentsADay, microseconds } of hot) {
    const order = late ? 'a tenth of them late' : 'in order';
    say(`  features of one ${entity} with ${paymentsADay} payments a day, ${order}: ${microseconds.toFixed(1)} us each`);
  }
  const explanations = measureExplanations(version, stream.vectors);
  for (const { method, microseconds, meanGap, sameTop } of explanations) {
    say(
      `explained by ${method.padEnd(6)}${microseconds.toFixed(1).padStart(8)} us each, mean gap to exact ${meanGap}, same top group ${sameTop}`,
    );
  }
  const soak = await soakScorer(version, Number(options.soakSeconds) * 1_000);
  say(
    `soak of ${soak.seconds} s, ${soak.rows} rows: heap ${soak.heapGrowthMb} MB, resident ${soak.residentGrowthMb} MB, tensors ${soak.tensorGrowth}`,
  );
  const { transactions, days, features, stages, restart } = stream;
  const load = Math.round((loadavg()[0] ?? 0) * 100) / 100;
  if (options.out !== undefined) {
    writeFileSync(
      options.out,
      JSON.stringify(
        { loadAverage: load, scorers, stream: { transactions, days, features, stages, restart }, hot, explanations, soak },
        null,
        2,
      ) + '\n',
    );
  }
} finally {
  await drawn.wipe();
}

function printScorer({ model, inputs, members, batches, crossoverRows }: ScorerFigures): void {
  say(
    `\n${model}: ${inputs} inputs, ${members} members, kernels from ${crossoverRows ?? 'no'} rows on; transform, network and calibration`,
  );
  say(`  ${'rows'.padEnd(6)}${['rows/s', 'p50 us', 'p99 us', 'loops/s', 'kernels/s'].map((column) => column.padStart(12)).join('')}`);
  for (const { rows, rowsPerSecond, p50Us, p99Us, loopsPerSecond, kernelsPerSecond } of batches) {
    const figures = [rowsPerSecond, p50Us.toFixed(1), p99Us.toFixed(1), loopsPerSecond, kernelsPerSecond];
    say(`  ${String(rows).padEnd(6)}${figures.map((figure) => String(figure).padStart(12)).join('')}`);
  }
}
