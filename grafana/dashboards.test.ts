import { describe, expect, test } from '@jest/globals';
import { alerts } from './list-alerts.ts';
import { findAlert } from './panel.ts';
import { dashboards, renderDashboards } from './render-dashboards.ts';

interface Rendered {
  readonly uid: string;
  readonly editable: boolean;
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly Panel[];
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly datasource: { readonly uid: string } }[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit: string; readonly thresholds: { readonly steps: readonly { readonly value: number | null }[] } };
  };
  readonly links?: readonly { readonly title: string; readonly url: string }[];
}

const rendered = Object.values(renderDashboards()) as Rendered[];
const panels = rendered.flatMap((dashboard) =>
  dashboard.panels.filter(({ type }) => type !== 'row').map((panel) => ({ dashboard, panel })),
);
const specs = dashboards.flatMap(({ uid, rows }) => rows.flatMap((row) => row.panels.map((spec) => ({ uid, spec }))));
const names = (found: typeof panels) => found.map(({ dashboard, panel }) => `${dashboard.uid}: ${panel.title}`);

describe('every dashboard', () => {
  test('has an address of its own, cannot be edited in place, and lets its reader choose the data source', () => {
    expect(new Set(rendered.map(({ uid }) => uid)).size).toBe(rendered.length);
    for (const { uid, editable, templating } of rendered) {
      expect(uid.length).toBeLessThanOrEqual(40);
      expect(editable).toBe(false);
      expect(templating.list).toContainEqual(expect.objectContaining({ name: 'datasource', type: 'datasource' }));
    }
  });

  test('has panels of different ids that do not lie upon each other', () => {
    for (const { uid, panels: all } of rendered) {
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      const overlaps = all.flatMap((a, index) =>
        all
          .slice(index + 1)
          .filter((b) => lieUponEachOther(a, b))
          .map((b) => `${uid}: ${a.title} and ${b.title}`),
      );
      expect(overlaps).toEqual([]);
      expect(all.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
    }
  });
});

describe('every panel', () => {
  test('has a title, a description in sentences, and a unit', () => {
    expect(names(panels.filter(({ panel }) => !/^[A-Z0-9].*[.]$/s.test(panel.description ?? '')))).toEqual([]);
    expect(names(panels.filter(({ panel }) => panel.title === '' || (panel.fieldConfig?.defaults.unit ?? '') === ''))).toEqual([]);
  });

  test('asks the chosen data source, each query under a letter of its own', () => {
    for (const { panel } of panels) {
      expect(panel.datasource?.uid).toBe('${datasource}');
      expect(new Set(panel.targets?.map(({ refId }) => refId)).size).toBe(panel.targets?.length);
      expect(panel.targets?.every(({ datasource }) => datasource.uid === '${datasource}')).toBe(true);
    }
  });

  test('counts over the window that Grafana chooses for its width, or one that it names in hours or minutes', () => {
    const others = panels.filter(({ panel }) => panel.targets?.some(({ expr }) => /\[(?!\$__rate_interval\]|\d+[mhd]\])/.test(expr)));
    expect(names(others)).toEqual([]);
    const bare = panels.filter(({ panel }) =>
      panel.targets?.some(({ expr }) => /(?<!\w)trx_\w+_total(?:\{[^}]*\})?(?![[\w{])(?! > 0)/.test(expr)),
    );
    expect(names(bare)).toEqual([]);
  });

  test('draws the threshold of its alert and leads to its runbook; without an alert it draws none', () => {
    for (const { panel } of panels) {
      const { spec } = specs.find(
        ({ uid, spec: { title } }) => title === panel.title && rendered.some((board) => board.uid === uid && board.panels.includes(panel)),
      )!;
      const values = panel.fieldConfig?.defaults.thresholds.steps.map(({ value }) => value);
      expect(values).toEqual(spec.alert === undefined ? [null] : [null, findAlert(spec.alert).threshold]);
      expect(panel.links?.some(({ title }) => title === 'Runbook') ?? false).toBe(spec.alert !== undefined);
    }
  });
});

test('every alert is drawn on the dashboard that its notification leads to', () => {
  const missing = alerts.filter(({ name, dashboard }) => !specs.some(({ uid, spec }) => uid === dashboard && spec.alert === name));
  expect(missing.map(({ name, dashboard }) => `${name} on ${dashboard}`)).toEqual([]);
});

function lieUponEachOther({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
