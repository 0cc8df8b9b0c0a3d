import { panelOf, type DashboardSpec } from '../panel.ts';

const answerQuantile = (q: number) =>
  `histogram_quantile(${q}, sum by (le) (rate(trx_http_request_seconds_bucket{service="ingest",method="POST",route="/v1/transactions"}[$__rate_interval])))`;

/** How payments are decided, by what, and how fast. */
export const decisioning: DashboardSpec = {
  uid: 'trx-decisioning',
  title: 'Decisioning',
  description: 'Speed, actions, scores, reasons, model versions, fallbacks and drift.',
  rows: [
    {
      title: 'Speed',
      panels: [
        {
          title: 'Time to the answer',
          description: 'From the arrival of the request to its answer, as the merchant waits for it.',
          unit: 's',
          kind: 'timeseries',
          queries: [0.5, 0.95, 0.99].map((q) => ({ expr: answerQuantile(q), legend: `p${q * 100}` })),
        },
        {
          title: 'Where the time goes, p99',
          description:
            'Each hop of the path: claim and publication in ingest, waiting in the broker, scoring, the commit, the outbox, the way back.',
          unit: 's',
          kind: 'timeseries',
          queries: [
            { expr: 'histogram_quantile(0.99, sum by (le, hop) (rate(trx_hop_seconds_bucket[$__rate_interval])))', legend: '{{hop}}' },
          ],
        },
      ],
    },
    {
      title: 'Decisions',
      panels: [
        {
          title: 'Decisions a second',
          description: 'By action and by who has decided: the model with its rules, or the policy of the merchant.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (action, actor) (rate(trx_decisions_total[$__rate_interval]))', legend: '{{action}} by {{actor}}' }],
        },
        {
          title: 'Model versions',
          description: 'Decisions a second by the version that has scored them. Two at a time are seen only while one follows another.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (model) (rate(trx_decisions_total[$__rate_interval]))', legend: '{{model}}' }],
        },
        {
          title: 'Scores',
          description: 'How many payments got which score, from 0 to 1000, over time.',
          unit: 'short',
          kind: 'heatmap',
          queries: [{ expr: 'sum by (le) (increase(trx_score_bucket[$__rate_interval]))', legend: '{{le}}' }],
        },
        {
          title: 'The ten commonest reasons',
          description: 'Reasons given in the last hour, strongest or not.',
          unit: 'short',
          kind: 'bargauge',
          queries: [{ expr: 'topk(10, sum by (code) (increase(trx_reason_total[1h])))', legend: '{{code}}' }],
        },
        {
          title: 'Rules that hold',
          description: 'Payments a second that each rule holds for, or that it cannot judge because a field is missing.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (rule, result) (rate(trx_rule_total[$__rate_interval])) or vector(0)', legend: '{{rule}} {{result}}' }],
        },
        {
          title: 'Payments without a field',
          description: 'Payments a second without a field that features are computed from: they get declared defaults, and worse scores.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (field) (rate(trx_feature_missing_total[$__rate_interval])) or vector(0)', legend: '{{field}}' }],
        },
      ],
    },
    {
      title: 'What is not as it should be',
      panels: [
        panelOf('FallbackRateHigh', { title: 'Decisions that fell back', unit: 'percentunit', legend: 'fallen back' }),
        {
          title: 'Fallbacks by cause',
          description: 'Decisions a second that skipped a step of the ladder, and why.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [{ expr: 'sum by (cause) (rate(trx_fallback_total[$__rate_interval])) or vector(0)', legend: '{{cause}}' }],
        },
        panelOf('NoChampion', { title: 'Workers with a champion', unit: 'short', legend: 'workers' }),
        panelOf('ControlRefused', { title: 'Changes that were refused', unit: 'short', legend: '{{kind}}' }),
        panelOf('FeatureParityBroken', { title: 'Features equal to those of a replay', unit: 'percentunit', legend: 'equal' }),
        {
          title: 'Folding out of turn',
          description: 'Labels that came after their turn, and features that had to be read again. Anything but 0 needs a look.',
          unit: 'cps',
          kind: 'timeseries',
          queries: [
            { expr: 'sum(rate(trx_scoring_late_labels_total[$__rate_interval]))', legend: 'late labels' },
            { expr: 'sum(rate(trx_feature_vectors_reread_total[$__rate_interval]))', legend: 'features read again' },
          ],
        },
      ],
    },
    {
      title: 'Drift and challengers',
      panels: [
        panelOf('ModelDrift', { title: 'Drift of steady features', unit: 'none', legend: '{{feature}}' }),
        {
          title: 'A whole week is judged',
          description: 'Drift says nothing before a whole week of payments is there; until then its figures are 0.',
          unit: 'bool_yes_no',
          kind: 'timeseries',
          queries: [{ expr: 'max(trx_drift_judged)', legend: 'judged' }],
        },
        {
          title: 'Challengers beside the champion',
          description: 'Payments a second that a challenger would have put into another band.',
          unit: 'reqps',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum by (challenger, band, challenger_band) (rate(trx_challenger_scored_total[$__rate_interval])) or vector(0)',
              legend: '{{challenger}}: {{band}} to {{challenger_band}}',
            },
          ],
        },
        {
          title: 'Feature state',
          description: 'Payers and terminals that are kept in memory.',
          unit: 'short',
          kind: 'timeseries',
          queries: [{ expr: 'max by (entity) (trx_feature_entities)', legend: '{{entity}}' }],
        },
      ],
    },
  ],
};
