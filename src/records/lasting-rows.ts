import type { Records, Statement } from "./database.ts";
import { Lasting } from "./lasting.ts";
import type { MerchantRow } from "./rows.ts";

const entriesKeptMax = 256;
const merchantsKeptMax = 4_096;

/** Rows that are written once and never changed: some are kept in memory. */
export class LastingRows {
  readonly #entry: Statement<{ readonly bytes: Uint8Array }>;
  readonly #merchant: Statement<MerchantRow>;
  readonly #entries = new Lasting<number, Uint8Array>(entriesKeptMax);
  readonly #merchants = new Lasting<string, MerchantRow>(merchantsKeptMax);
  #isMerchantMissing = false;

  constructor(records: Records) {
    this.#entry = records.prepare("SELECT bytes FROM entries WHERE id = ?");
    this.#merchant = records.prepare(
      "SELECT key, terminal, merchant_id AS merchantId, name_location AS nameLocation FROM merchants WHERE key = ?",
    );
  }

  entryBytes(id: number): Uint8Array | null {
    return this.#entries.find(id, () => this.#entry.first([id])?.bytes ?? null);
  }

  keepEntry(id: number, bytes: Uint8Array): void {
    this.#entries.keep(id, bytes);
  }

  merchant(key: Uint8Array): MerchantRow | null {
    const row = this.#merchants.find(Buffer.from(key).toString("latin1"), () => this.#merchant.first([key]));
    if (row === null) this.#isMerchantMissing = true;
    return row;
  }

  /** `RecordsQueries.withEntry`. Nothing else runs meanwhile: what is not recorded is kept for nobody else. */
  withEntry<Rendered>(id: number, bytes: Uint8Array, render: () => Rendered): Rendered | null {
    this.#isMerchantMissing = false;
    this.#entries.keep(id, bytes);
    try {
      const rendered = render();
      return this.#isMerchantMissing ? null : rendered;
    } finally {
      this.#entries.forget(id);
    }
  }
}
