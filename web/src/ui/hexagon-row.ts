import type { CellId } from "../units";

/** One row: the counts of a hexagon and where it is. */
export interface HexagonRow {
  readonly id: CellId;
  readonly place: string;
  readonly unsafe: number;
  readonly safe: number;
  readonly contested: boolean;
  readonly signalements: number;
}

/** A column that the table can be sorted by. */
export type Column = Exclude<keyof HexagonRow, "id">;

/** Rows in the order of a column; equal rows keep their order. */
export function sorted(
  rows: readonly HexagonRow[],
  column: Column,
  descending: boolean,
): readonly HexagonRow[] {
  const sign = descending ? -1 : 1;
  const names = new Intl.Collator("fr", { numeric: true });
  return [...rows].sort((a, b) =>
    column === "place"
      ? sign * names.compare(a.place, b.place)
      : sign * (Number(a[column]) - Number(b[column])),
  );
}
