import { writeFile } from 'node:fs/promises';
import { CommanderError } from 'commander';
import { assertPublished, isPublished } from './assert-published.ts';
import type { Contender } from './contenders.ts';
import { evaluateFold, type FoldReport } from './evaluate-fold.ts';
import type { Transactions } from './load-transactions.ts';
import { loadVersion } from './load-version.ts';
import { parseEvaluateArguments, type EvaluateArguments } from './parse-evaluate-arguments.ts';
import { dateOf, dayOf, planWindows } from './plan-windows.ts';
import { prepareFolds } from './prepare-folds.ts';
import { readSource } from './read-source.ts';
import { renderEvaluation, summarise } from './render-evaluation.ts';
import { writeBookFeatures } from './write-book-features.ts';

/** `npm run model:evaluate`: how good the committed recipes, or one version, are on folds of a file, beside baselines and published results. */
async function evaluateModel(request: EvaluateArguments): Promise<void> {
  const version = request.model === undefined ? null : await loadVersion(request.model);
  const { transactions, words } = await readSource(request.data);
  if (request.featuresOnly) {
    const rows = await writeBookFeatures(transactions, request.out);
    process.stdout.write(`${request.out}: features of ${rows} transactions\n`);
    return;
  }
  const published = isPublished(transactions);
  const reports = await evaluateFolds(transactions, request, { version, published });
  const { champion = [], fallback = [], ...others } = reports;
  const evaluation = {
    data: words,
    published_data: published,
    protocol: 'handbook',
    folds_of: request.folds,
    seed: request.seed,
    backend: request.backend,
    model: version ? version.manifest.name : 'champion, trained per fold',
    ...summarise(champion),
    ...(version || fallback.length === 0 ? {} : { fallback: summarise(fallback) }),
    ...Object.fromEntries(Object.entries(others).map(([name, folds]) => [name, summarise(folds)])),
  };
  await writeFile(request.out, JSON.stringify(evaluation, null, 1) + '\n');
  process.stdout.write(
    renderEvaluation(reports, { version: version?.manifest.name ?? null, comparable: published && request.folds === 'test' }),
  );
  process.stdout.write(`report: ${request.out}\n`);
}

async function evaluateFolds(
  transactions: Transactions,
  request: EvaluateArguments,
  { version, published }: { readonly version: Awaited<ReturnType<typeof loadVersion>> | null; readonly published: boolean },
): Promise<Partial<Record<Contender, FoldReport[]>>> {
  const reports: Partial<Record<Contender, FoldReport[]>> = {};
  const folds = request.trainStarts.map((start) => planWindows(dayOf(start)));
  const prepared = prepareFolds(transactions, folds, version?.manifest.beliefs ?? undefined);
  if (published) folds.forEach((windows) => assertPublished(prepared, windows));
  for (const [index, windows] of folds.entries()) {
    process.stderr.write(`fold ${index + 1} of ${folds.length}: training week from ${dateOf(windows.start)}\n`);
    const measured = await evaluateFold(prepared, windows, { ...request, version });
    for (const [name, report] of Object.entries(measured) as [Contender, FoldReport][]) (reports[name] ??= []).push(report);
  }
  return reports;
}

try {
  await evaluateModel(parseEvaluateArguments(process.argv.slice(2), (text) => process.stderr.write(text)));
} catch (error) {
  if (!(error instanceof CommanderError)) process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
}
