import { currencies } from "../../specs/currencies.ts";
import { must } from "../kernel/assert.ts";
import type { Clock } from "../kernel/clock.ts";
import { currenciesByCode } from "../kernel/currency.ts";
import type { IdPrefix, Place } from "../kernel/ids.ts";
import type { Random } from "../kernel/random.ts";
import { openRecords } from "../records/database.ts";
import { RecordsQueries } from "../records/queries.ts";
import { Numbers } from "../resources/numbers.ts";
import { type BlockState, PanBlocks, type RangeBody } from "../resources/pan-blocks.ts";
import { type Program, ProgramError, type ProgramReader } from "../resources/program.ts";
import type { Projector } from "../projector/projector.ts";
import type { Engine } from "./engine.ts";

export interface ProgramAccessOptions {
  readonly engine: Engine;
  readonly projector: Projector;
  readonly recordsPath: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How long a read waits for the records to catch up. */
  readonly readTimeoutMs: number;
}

export interface ProgramAccess {
  readonly program: Program;
  readonly queries: RecordsQueries;
  /** What the API calls the object at a place. */
  idOf(prefix: IdPrefix, place: Place): string;
  /** Resolves when the records hold everything that the journal holds now. */
  caughtUp(shard: number): Promise<void>;
  close(): void;
}

const byCode = currenciesByCode(currencies);

/** What writes a program and reads it back: the resources on top of engine, projector and records. */
export function openProgram(options: ProgramAccessOptions): ProgramAccess {
  const { engine, projector, clock, random } = options;
  const opened = openRecords({ path: options.recordsPath, dataSetId: null });
  if (!opened.ok) throw new ProgramError("store_down", opened.error.message);
  const queries = new RecordsQueries(opened.value, (shard) => projector.committed(shard));
  projector.onRecorded((place, bytes) => queries.keepEntry(place, bytes));
  const caughtUp = async (shard: number): Promise<void> => {
    const numbers = await projector.lastNumbers();
    const last = numbers?.[shard] ?? 0;
    if (numbers === null || !(await projector.waitFor(shard, last, options.readTimeoutMs))) {
      const cause = projector.failure?.message ?? "they have not caught up with the journal in time";
      throw new ProgramError("store_down", `the records cannot be read: ${cause}`);
    }
  };
  const reader: ProgramReader = {
    read: async (type, place) => {
      await caughtUp(place.shard);
      return queries.object(type, place);
    },
    charged: async (window) => {
      await caughtUp(window.shard);
      return queries.chargedSum(window);
    },
  };
  const program: Program = {
    committer: engine.committer,
    clock,
    random,
    vault: engine.vault,
    reader,
    numbers: new Numbers(async (type, shard) => {
      await caughtUp(shard);
      return queries.objects(type, shard, { before: null, rowsMax: 1 })[0]?.place.no ?? 0;
    }),
    blocks: new PanBlocks(async () => {
      await caughtUp(0);
      return knownBlocks(queries);
    }),
    decimalsOf: (currency) => engine.tables.decimalsOf(currency),
    idempotency: null,
    onCommitted: null,
  };
  const idOf = (prefix: IdPrefix, place: Place): string => engine.ids.encode(prefix, place);
  return { program, queries, idOf, caughtUp, close: () => opened.value.close() };
}

/** The currency of a lower-case code. */
export function currencyOf(code: string): { readonly code: string; readonly number: number } {
  return must(byCode.get(code), `no currency ${code}`);
}

function knownBlocks(queries: RecordsQueries): BlockState[] {
  const blocks: BlockState[] = [];
  let before: number | null = null;
  for (;;) {
    const page = queries.objects("range", 0, { before, rowsMax: 1000 });
    for (const { place, version, body } of page) {
      blocks.push({ no: place.no, version, body: JSON.parse(body) as RangeBody });
    }
    const oldest = page.at(-1);
    if (oldest === undefined || page.length < 1000) return blocks;
    before = oldest.place.no;
  }
}
