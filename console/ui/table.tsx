import type { ReactNode } from 'react';

export interface Column<R> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: R) => ReactNode;
  /** Numbers stand at the right, in figures of one width. */
  readonly align?: 'start' | 'end';
  /** By what the column is sorted; without it, it is not. */
  readonly sortBy?: (row: R) => number | bigint | string;
  /** Of the column, as CSS: `96px`, `20%`. */
  readonly width?: string;
}

export interface TableProps<R> {
  /** What the table shows, for those who hear it. */
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  readonly selectedKey?: string | undefined;
  readonly onOpen?: ((row: R) => void) | undefined;
  /** Written over the head of a column in the place of its title. */
  readonly head?: (column: Column<R>) => ReactNode;
  readonly sortOf?: (column: Column<R>) => 'ascending' | 'descending' | undefined;
}

/** Rows under heads; the head stays in sight. A row that opens something does so by click, or by Enter on its first cell's button. */
export function Table<R>({ caption, columns, rows, rowKey, selectedKey, onOpen, head, sortOf }: TableProps<R>) {
  return (
    <div className="table-frame" role="group" aria-label={caption} tabIndex={0}>
      <table className="table num">
        <caption className="visually-hidden">{caption}</caption>
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" data-align={column.align} aria-sort={sortOf?.(column)}>
                {head ? head(column) : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <tr
                key={key}
                data-selected={key === selectedKey || undefined}
                data-opens={onOpen !== undefined || undefined}
                onClick={() => onOpen?.(row)}
              >
                {columns.map((column, index) => (
                  <td key={column.id} data-align={column.align}>
                    {index === 0 && onOpen ? <RowButton onOpen={() => onOpen(row)}>{column.cell(row)}</RowButton> : column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function RowButton({ onOpen, children }: { readonly onOpen: () => void; readonly children: ReactNode }) {
  return (
    <button
      type="button"
      className="row-button"
      onClick={(event) => {
        event.stopPropagation();
        onOpen();
      }}
    >
      {children}
    </button>
  );
}
