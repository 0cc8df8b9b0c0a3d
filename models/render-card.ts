import type { Manifest } from './describe-version.ts';

const BELIEF_LIMITS = `- Its beliefs assume that frauds come in spells: of a terminal, or of a card on which a multiple of the usual is spent. Lengths, hazards and
  multiple are estimated from labels; where frauds do not come in spells, the fallback is the better version.
`;
const COLUMN_RULE = '| --- | --- | --- | --- | --- |';

/** `card.md` of a model version, after Mitchell et al., "Model cards for model reporting" (2019). */
export function renderCard(manifest: Manifest): string {
  const { name, data, training, metrics, thresholds } = manifest;
  const window = (use: string, { from, to, rows, frauds }: Manifest['data']['fit']) =>
    `| ${use} | ${from} | ${dayBefore(to)} | ${rows.toLocaleString('en')} | ${frauds.toLocaleString('en')} |`;
  return `# Model card: ${name}

Written by \`npm run model:train\`. It is not edited by hand.

## What it does
Gives the probability that a card payment is fraud, as a score from 0 to 1000 (probability x 1000): ${manifest.purpose}. The mean of
${training.members} multi-layer perceptrons (${[manifest.features.length, ...training.hidden_units, 1].join('-')}, ${training.activation})${training.skip ? ' beside a linear part,' : ''} in TensorFlow.js on ${manifest.features.length}
columns of the features \`${manifest.feature_set}\`, trained on log-loss without weights or resampling, so that its outputs are
probabilities. From score ${thresholds.review} a payment is held for review, from ${thresholds.decline} it is declined.

## Intended use
Ranking and deciding on payments of the simulated world that it was trained on: demonstration, development, load tests. Before it decides
about real people's payments it has to be trained and judged on the payments of that portfolio. It is not made for decisions about credit,
insurance or employment.

## Data
${data.source}; ${data.rows.toLocaleString('en')} transactions read, SHA-256 \`${data.sha256}\`.

| used for | from | to | transactions | frauds |
${COLUMN_RULE}
${window('weights', data.fit)}
${window('thresholds (labels not used)', data.thresholds)}
${window('test', data.test)}

Labels count 7 days after their transaction. The cause of a fraud (the simulator's scenario) is no input.

## Result on the test window
By the protocol of the Fraud Detection Handbook: customers who are known to be defrauded are left out.

| measure | value |
| --- | --- |
| AUC | ${fixed(metrics.auc)} |
| average precision | ${fixed(metrics.average_precision)} |
| card precision at 100 a day | ${fixed(metrics.card_precision_100)} |
| Brier score | ${fixed(metrics.brier, 5)} |
| log-loss | ${fixed(metrics.log_loss, 5)} |
| calibration error, 10 bins of equal size | ${fixed(metrics.calibration_error, 5)} |
| held for review | ${percent(metrics.held)}, of which ${percent(metrics.held_precision)} are fraud |
| declined | ${percent(metrics.declined)}, of which ${percent(metrics.declined_precision)} are fraud |
| frauds held or declined | ${percent(metrics.recall)} |

One week only; from week to week such values differ by about 0.01.

## Limits
- It knows the three kinds of fraud of the simulator and no other: amounts above a limit, compromised terminals, stolen cards.
- The first week of a terminal's compromise has no known label, so it is invisible here.
${manifest.beliefs ? BELIEF_LIMITS : ''}- Amounts are compared as they stand, whatever their currency; it was trained on one.
- A card's first payments have no history of their own; their features say so only through their counts.
- Night and weekend are those of UTC.

## How to make it again
\`npm run model:train\` with seed ${training.seed}, ${training.epochs} epochs of batches of ${training.batch_rows} rows, Adam with a learning rate of
${training.learning_rate} falling along a cosine, backend ${training.backend}, TensorFlow.js ${training.tensorflow}. A second run on the same data gives
the same bytes.
`;
}

function fixed(value: number, digits = 3): string {
  return value.toFixed(digits);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** Windows exclude their last day; people read them including it. */
function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
