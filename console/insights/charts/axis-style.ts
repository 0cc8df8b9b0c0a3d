/** How all charts of the page draw their axes. Colours are tokens, so that they follow the theme without being drawn anew. */
export const TICK_STYLE = { fill: 'var(--muted)', fontSize: 11.5 } as const;
export const AXIS_STYLE = { tick: TICK_STYLE, tickLine: false, axisLine: { stroke: 'var(--line-strong)' } } as const;
export const GRID_STROKE = 'var(--line)';
/** What belongs to the time before: dashed, so that it is told apart without its colour. */
export const BEFORE_STROKE = { stroke: 'var(--muted)', strokeDasharray: '4 3', strokeWidth: 1.25 } as const;
/** What the mouse or the arrow keys stand on. */
export const CURSOR_STYLE = { fill: 'var(--raised)', stroke: 'var(--line-strong)' } as const;
