import { runbookOf } from './alert.ts';
import { links } from './links.ts';
import { findAlert, type DashboardSpec, type PanelSpec } from './panel.ts';

/** The version of Grafana's classic dashboard format; newer releases read it as it is. */
const SCHEMA_VERSION = 39;
const COLUMNS = 24;
const PANEL_HEIGHT = 8;
const STAT_HEIGHT = 4;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A dashboard in Grafana's classic JSON. */
export function renderDashboard({ uid, title, description, rows }: DashboardSpec): object {
  return {
    uid,
    title,
    description,
    tags: ['trancendos'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: false,
    graphTooltip: 1,
    timezone: 'browser',
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    links: [
      { type: 'dashboards', title: 'Trancendos', tags: ['trancendos'], asDropdown: true, keepTime: true, includeVars: true },
      { type: 'link', title: 'Console', url: '${console}/live', targetBlank: true },
    ],
    templating: { list: [datasourceVariable(), consoleVariable()] },
    annotations: { list: [modelChanges()] },
    panels: placed(rows),
  };
}

function datasourceVariable(): object {
  return { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: {}, hide: 0, refresh: 1, regex: '' };
}

/** Where the console is, for links; whoever reaches it elsewhere changes it in the address. */
function consoleVariable(): object {
  const option = { selected: true, text: links.console, value: links.console };
  return { name: 'console', label: 'Console', type: 'textbox', query: links.console, current: option, options: [option], hide: 2 };
}

/** A line in every panel where another model takes over. */
function modelChanges(): object {
  return {
    name: 'Changes of what decides',
    datasource: DATASOURCE,
    enable: true,
    iconColor: 'blue',
    expr: 'sum by (kind) (increase(trx_control_total{result="applied"}[$__rate_interval])) > 0',
    titleFormat: '{{kind}} changed',
    step: '60s',
  };
}

/** Panels from left to right, row under row, each in its place. */
function placed(rows: DashboardSpec['rows']): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
    });
    y++;
    let x = 0;
    let lineHeight = 0;
    for (const panel of row.panels) {
      const w = panel.width ?? (panel.kind === 'stat' ? 6 : 12);
      const h = panel.kind === 'stat' ? STAT_HEIGHT : PANEL_HEIGHT;
      if (x + w > COLUMNS) {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
      }
      panels.push({ id: panels.length + 1, ...renderPanel(panel), gridPos: { x, y, w, h } });
      x += w;
      lineHeight = Math.max(lineHeight, h);
    }
    y += lineHeight;
  }
  return panels;
}

function renderPanel(panel: PanelSpec): object {
  const { title, description, unit, kind, queries } = panel;
  return {
    type: kind,
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      range: kind !== 'stat' && kind !== 'bargauge',
      instant: kind === 'stat' || kind === 'bargauge',
      ...(kind === 'heatmap' && { format: 'heatmap' }),
    })),
    fieldConfig: { defaults: { unit, thresholds: thresholdsOf(panel), ...customOf(panel) }, overrides: [] },
    options: OPTIONS[kind],
    links: linksOf(panel),
  };
}

/** Green on the good side of the alert's threshold, red on the other; without an alert there is only one side. */
function thresholdsOf({ alert: name }: PanelSpec): object {
  if (name === undefined) return { mode: 'absolute', steps: [{ color: 'green', value: null }] };
  const { comparison, threshold } = findAlert(name);
  const [below, above] = comparison === '>' ? ['green', 'red'] : ['red', 'green'];
  return {
    mode: 'absolute',
    steps: [
      { color: below, value: null },
      { color: above, value: threshold },
    ],
  };
}

function customOf({ kind, alert }: PanelSpec): object {
  if (kind !== 'timeseries') return { color: { mode: 'thresholds' } };
  return {
    color: { mode: 'palette-classic' },
    custom: {
      lineWidth: 1,
      fillOpacity: 8,
      showPoints: 'never',
      spanNulls: false,
      thresholdsStyle: { mode: alert === undefined ? 'off' : 'line' },
    },
  };
}

const OPTIONS: Readonly<Record<PanelSpec['kind'], object>> = {
  timeseries: {
    legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  stat: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'value', graphMode: 'none', textMode: 'auto' },
  bargauge: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, orientation: 'horizontal', displayMode: 'basic' },
  heatmap: { calculate: false, yAxis: { unit: 'short' }, color: { mode: 'scheme', scheme: 'Blues' }, cellGap: 0 },
};

function linksOf({ alert, feed }: PanelSpec): object[] {
  return [
    ...(alert === undefined ? [] : [{ title: 'Runbook', url: `${links.runbooks}/${runbookOf(findAlert(alert))}`, targetBlank: true }]),
    ...(feed === undefined
      ? []
      : [{ title: 'Look at them live', url: `\${console}/live?filter=${encodeURIComponent(feed)}`, targetBlank: true }]),
  ];
}
