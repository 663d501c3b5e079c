import type { Records, Statement } from "../records/database.ts";

type Cell = number | string | Uint8Array | null;

/** Rows of one table that belong to a page of entries, by the entry's id; what nobody takes has no entry. */
export class RowPage<Row extends readonly Cell[]> {
  readonly table: string;
  readonly #statement: Statement<[id: number, ...row: Row]>;
  #rows = new Map<number, Row[]>();

  constructor(records: Records, { table, columns }: { table: string; columns: string }) {
    this.table = table;
    this.#statement = records.prepareRaw(`SELECT id, ${columns} FROM ${table} WHERE id > ? AND id <= ?`);
  }

  read(afterId: number, lastId: number): void {
    this.#rows = new Map();
    for (const [id, ...row] of this.#statement.all([afterId, lastId])) {
      const others = this.#rows.get(id);
      if (others === undefined) this.#rows.set(id, [row]);
      else others.push(row);
    }
  }

  take(id: number): readonly Row[] {
    const rows = this.#rows.get(id);
    if (rows === undefined) return [];
    this.#rows.delete(id);
    return rows;
  }

  orphans(): string[] {
    return [...this.#rows.keys()].map((id) => `${this.table} row ${id}`);
  }
}
