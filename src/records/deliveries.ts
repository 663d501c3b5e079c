import type { Place } from "../kernel/ids.ts";
import { Records, type SqlValue } from "./database.ts";

/** An event on its way to an endpoint. */
export interface Delivery {
  readonly id: number;
  /** Entry number * 8 + index of the event, in its shard. */
  readonly event: Place;
  readonly endpoint: Place;
  readonly attempts: number;
}

export type DeliveryStatus = "pending" | "delivered" | "failed";

/** One try: HTTP status, or null and why there was none. */
export interface Attempt {
  readonly delivery: number;
  readonly wallMs: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly tookMs: number;
}

export interface DeliveryLine extends Delivery {
  readonly status: DeliveryStatus;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}

/*
 * A file of its own beside the records: the projector is the only writer of those. Lost, it is made anew, and what was
 * told before is not told again.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS checkpoints (
    shard INTEGER PRIMARY KEY,
    no INTEGER NOT NULL
  ) STRICT;
  -- due_ms: business time of the next try; 0: at once.
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY,
    event_shard INTEGER NOT NULL,
    event_no INTEGER NOT NULL,
    endpoint_shard INTEGER NOT NULL,
    endpoint_no INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    UNIQUE (event_shard, event_no, endpoint_shard, endpoint_no)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_ms) WHERE status = 'pending';
  CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (endpoint_shard, endpoint_no, due_ms) WHERE status = 'pending';
  CREATE TABLE IF NOT EXISTS attempts (
    delivery INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    took_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS attempts_delivery ON attempts (delivery);
`;

/** Which events went where, and which still have to. One connection, which is the only one. */
export class Deliveries {
  readonly #records: Records;

  /** Throws where the file cannot be used. */
  constructor(path: string, { isDurable = true }: { readonly isDurable?: boolean } = {}) {
    this.#records = new Records({ path, dataSetId: null, isDurable });
    this.#records.execute(tables);
  }

  /** Last entry of the shard whose events are here; null: the shard has not been looked at. */
  checkpoint(shard: number): number | null {
    return this.#all<{ no: number }>("SELECT no FROM checkpoints WHERE shard = ?", [shard])[0]?.no ?? null;
  }

  /** All of it or nothing: what is to be delivered, and that entries up to `no` have been looked at. */
  addAll(shard: number, no: number, wanted: readonly Pick<Delivery, "event" | "endpoint">[]): void {
    this.#records.transaction(() => {
      for (const { event, endpoint } of wanted) {
        this.#run(
          `INSERT INTO deliveries (event_shard, event_no, endpoint_shard, endpoint_no, status, attempts, due_ms)
            VALUES (?, ?, ?, ?, 'pending', 0, 0) ON CONFLICT DO NOTHING`,
          [event.shard, event.no, endpoint.shard, endpoint.no],
        );
      }
      this.#run(
        "INSERT INTO checkpoints (shard, no) VALUES (?, ?) ON CONFLICT (shard) DO UPDATE SET no = excluded.no",
        [shard, no],
      );
    });
  }

  hasDue(businessNowMs: number): boolean {
    return (
      this.#all("SELECT 1 FROM deliveries WHERE status = 'pending' AND due_ms <= ? LIMIT 1", [businessNowMs]).length > 0
    );
  }

  /** Endpoints that something waits for. Two seeks each: however much waits for one, the next is as near. */
  waitingEndpoints(): Place[] {
    const inShard = `SELECT endpoint_shard AS shard, endpoint_no AS no FROM deliveries INDEXED BY deliveries_waiting
      WHERE status = 'pending' AND endpoint_shard = ? AND endpoint_no > ? ORDER BY endpoint_no LIMIT 1`;
    const beyond = `SELECT endpoint_shard AS shard, endpoint_no AS no FROM deliveries INDEXED BY deliveries_waiting
      WHERE status = 'pending' AND endpoint_shard > ? ORDER BY endpoint_shard, endpoint_no LIMIT 1`;
    const found: Place[] = [];
    for (;;) {
      const { shard, no } = found.at(-1) ?? { shard: -1, no: 0 };
      const next = this.#all<Place>(inShard, [shard, no])[0] ?? this.#all<Place>(beyond, [shard])[0];
      if (next === undefined) return found;
      found.push(next);
    }
  }

  /** What is due to an endpoint, the earliest first. */
  dueTo({ shard, no }: Place, businessNowMs: number, rowsMax: number): Delivery[] {
    const sql = `SELECT ${columns} FROM deliveries INDEXED BY deliveries_waiting
      WHERE status = 'pending' AND endpoint_shard = ? AND endpoint_no = ? AND due_ms <= ? ORDER BY due_ms, id LIMIT ?`;
    return this.#all<SqlDelivery>(sql, [shard, no, businessNowMs, rowsMax]).map(deliveryOf);
  }

  find(id: number): Delivery | null {
    const row = this.#all<SqlDelivery>(`SELECT ${columns} FROM deliveries WHERE id = ? AND status = 'pending'`, [
      id,
    ])[0];
    return row === undefined ? null : deliveryOf(row);
  }

  /** What a try has come to; `dueMs`: business time of the next one, for a delivery that is pending still. */
  settle(attempt: Attempt, { status, dueMs }: { readonly status: DeliveryStatus; readonly dueMs: number }): void {
    const { delivery, wallMs, error, tookMs } = attempt;
    this.#records.transaction(() => {
      this.#run("INSERT INTO attempts (delivery, wall_ms, status, error, took_ms) VALUES (?, ?, ?, ?, ?)", [
        delivery,
        wallMs,
        attempt.status,
        error,
        tookMs,
      ]);
      this.#run("UPDATE deliveries SET status = ?, due_ms = ?, attempts = attempts + 1 WHERE id = ?", [
        status,
        dueMs,
        delivery,
      ]);
    });
  }

  /** To be tried again, whatever has become of it. False: that event never went to that endpoint. */
  again(event: Place, endpoint: Place): boolean {
    const sql = `UPDATE deliveries SET status = 'pending', due_ms = 0
      WHERE event_shard = ? AND event_no = ? AND endpoint_shard = ? AND endpoint_no = ? RETURNING id`;
    return this.#all(sql, [event.shard, event.no, endpoint.shard, endpoint.no]).length > 0;
  }

  /** The newest deliveries, with what their last try has come to. */
  list(rowsMax: number): DeliveryLine[] {
    const sql = `SELECT ${columns}, status,
        (SELECT a.status FROM attempts a WHERE a.delivery = deliveries.id ORDER BY a.rowid DESC LIMIT 1) AS lastStatus,
        (SELECT a.error FROM attempts a WHERE a.delivery = deliveries.id ORDER BY a.rowid DESC LIMIT 1) AS lastError
      FROM deliveries ORDER BY id DESC LIMIT ?`;
    type Line = SqlDelivery & Pick<DeliveryLine, "status" | "lastStatus" | "lastError">;
    return this.#all<Line>(sql, [rowsMax]).map((row) => ({
      ...deliveryOf(row),
      status: row.status,
      lastStatus: row.lastStatus,
      lastError: row.lastError,
    }));
  }

  /** How many endpoints an event is meant for, and how many of them have not taken it: yet, or at all. */
  ofEvent({ shard, no }: Place): { readonly told: number; readonly undelivered: number } {
    const sql = `SELECT count(*) AS told, count(*) FILTER (WHERE status <> 'delivered') AS undelivered
      FROM deliveries WHERE event_shard = ? AND event_no = ?`;
    return this.#all<{ told: number; undelivered: number }>(sql, [shard, no])[0] ?? { told: 0, undelivered: 0 };
  }

  pendingCount(): number {
    return this.#all<{ n: number }>("SELECT count(*) AS n FROM deliveries WHERE status = 'pending'", [])[0]?.n ?? 0;
  }

  close(): void {
    this.#records.close();
  }

  #run(sql: string, values: readonly SqlValue[]): void {
    this.#records.prepare(sql).run(values);
  }

  // The border to SQL: a statement's columns are those of its row.
  #all<Row>(sql: string, values: readonly SqlValue[]): Row[] {
    return this.#records.prepare<Row>(sql).all(values);
  }
}

const columns = `id, event_shard AS eventShard, event_no AS eventNo, endpoint_shard AS endpointShard,
  endpoint_no AS endpointNo, attempts`;

interface SqlDelivery {
  readonly id: number;
  readonly eventShard: number;
  readonly eventNo: number;
  readonly endpointShard: number;
  readonly endpointNo: number;
  readonly attempts: number;
}

function deliveryOf(row: SqlDelivery): Delivery {
  return {
    id: row.id,
    event: { shard: row.eventShard, no: row.eventNo },
    endpoint: { shard: row.endpointShard, no: row.endpointNo },
    attempts: row.attempts,
  };
}
