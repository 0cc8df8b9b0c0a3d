import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useMessages } from './define-messages.ts';
import { UI_MESSAGES } from './messages.ts';
import { Table, type Column, type TableProps } from './table.tsx';

interface Sorting {
  readonly columnId: string;
  readonly isDescending: boolean;
}

export interface DataTableProps<R> extends Omit<TableProps<R>, 'head' | 'sortOf'> {
  readonly initialSort?: Sorting;
}

/** A table whose columns can be sorted by. For as many rows as one page of an answer holds. */
export function DataTable<R>({ initialSort, columns, rows, ...rest }: DataTableProps<R>) {
  const text = useMessages(UI_MESSAGES);
  const [sorting, setSorting] = useState(initialSort);
  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  const toggle = (columnId: string) =>
    setSorting((before) => ({ columnId, isDescending: before?.columnId === columnId ? !before.isDescending : false }));
  const head = (column: Column<R>) => {
    if (!column.sortBy) return column.title;
    const isSorted = sorting?.columnId === column.id;
    const Icon = isSorted && sorting.isDescending ? ArrowDown : ArrowUp;
    return (
      <button type="button" className="sort-button" onClick={() => toggle(column.id)} title={text.sortBy(column.title)}>
        {column.title}
        <Icon className="icon" data-shown={isSorted} aria-hidden />
      </button>
    );
  };
  const sortOf = (column: Column<R>) => (sorting?.columnId === column.id ? (sorting.isDescending ? 'descending' : 'ascending') : undefined);
  return <Table columns={columns} rows={sorted} head={head} sortOf={sortOf} {...rest} />;
}

function sortRows<R>(rows: readonly R[], columns: readonly Column<R>[], sorting: Sorting | undefined): readonly R[] {
  const sortBy = columns.find(({ id }) => id === sorting?.columnId)?.sortBy;
  if (!sorting || !sortBy) return rows;
  const direction = sorting.isDescending ? -1 : 1;
  return [...rows].sort((one, other) => direction * compare(sortBy(one), sortBy(other)));
}

function compare(one: number | bigint | string, other: number | bigint | string): number {
  if (typeof one === 'string' || typeof other === 'string') return String(one).localeCompare(String(other));
  return one < other ? -1 : one > other ? 1 : 0;
}
