/** A list of things: a table, and on a narrow screen one card per row. With its loading, empty and failed states. */
import { Button, Center, Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./DataTable.module.css";
import { ErrorNotice } from "./ErrorNotice";

export interface Column<T> {
  label: string;
  render: (row: T) => ReactNode;
  /** Buttons: no label on a card, aligned to the end in a table. */
  actions?: boolean;
}

export interface ListState {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
}

interface DataTableProps<T> {
  /** What the table lists, for those who hear it. */
  label: string;
  rows: T[] | undefined;
  state: ListState;
  columns: Column<T>[];
  rowKey: (row: T) => string | number;
  empty: ReactNode;
  /** A convenience for the mouse; the row must also hold a button or link that does the same. */
  onRowClick?: (row: T) => void;
  /** Rows of many lines: their cells begin side by side. */
  tall?: boolean;
}

export function DataTable<T>(props: DataTableProps<T>) {
  const { label, rows, state, columns, rowKey, empty, onRowClick, tall } = props;
  if (state.isPending) {
    return (
      <Stack gap="sm" p="md" role="status" aria-label={`Loading: ${label}`} className={classes.frame}>
        {[92, 84, 88].map((width) => (
          <Skeleton key={width} h={18} w={`${width}%`} />
        ))}
      </Stack>
    );
  }
  if (state.isError && !rows) return <ErrorNotice error={state.error} onRetry={() => void state.refetch()} />;
  if (rows?.length === 0) return <div className={classes.frame}>{empty}</div>;
  return (
    <>
      <div className={classes.frame}>
        {/* The roles are said outright, for the narrow layout takes a table's meaning away from its elements. */}
        <table className={classes.table} role="table" aria-label={label} data-tall={tall}>
          <thead role="rowgroup">
            <tr role="row">
              {columns.map((column) => (
                <th key={column.label} role="columnheader" scope="col">
                  {column.actions ? <span className="lw-visually-hidden">{column.label}</span> : column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows?.map((row) => (
              <tr
                key={rowKey(row)}
                role="row"
                data-clickable={Boolean(onRowClick)}
                onClick={() => onRowClick?.(row)}
              >
                {columns.map((column) => (
                  <td
                    key={column.label}
                    role="cell"
                    data-label={column.actions ? undefined : column.label}
                    data-actions={column.actions}
                  >
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {state.isError && <ErrorNotice error={state.error} onRetry={() => void state.refetch()} />}
      {state.hasNextPage && (
        <Center>
          <Button
            variant="default"
            loading={state.isFetchingNextPage}
            onClick={() => void state.fetchNextPage?.()}
          >
            Load more
          </Button>
        </Center>
      )}
    </>
  );
}
