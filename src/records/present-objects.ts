import type { Place } from "../kernel/ids.ts";
import type { Records, Statement } from "./database.ts";
import { type RecordedObject, type SqlObject, objectColumns, objectOf } from "./object-search.ts";
import { type RecordedType, objectRowId } from "./place.ts";

/** Journal number of the last commit of a shard that the asker knows to be recorded: nothing else changes an object. */
export type LastCommit = (shard: number) => number;

/** An object as it stands, and the entry that has written this version of it. */
export interface PresentObject {
  readonly object: RecordedObject;
  readonly writtenNo: number;
}

/** What is made of objects alone may be kept under it. */
export interface Era {
  readonly lastCommit: number;
}

interface Kept extends Era {
  readonly objects: Map<number, PresentObject | null>;
}

const keptPerShardMax = 2_048;

/**
 * Objects as they stand, in memory until their shard commits again: messages come by the thousand a second and change none.
 * The reads of an authorization that is made and told took 67 µs, and are no longer seen in a profile.
 */
export class PresentObjects {
  readonly #statement: Statement<SqlPresent>;
  readonly #lastCommit: LastCommit | null;
  readonly #shards = new Map<number, Kept>();

  /** Without `lastCommit` every question goes to the records. */
  constructor(records: Records, lastCommit: LastCommit | null) {
    this.#statement = records.prepare<SqlPresent>(
      `SELECT ${objectColumns}, (SELECT max(no) FROM object_versions WHERE object = id) AS writtenNo
      FROM objects WHERE id = ?`,
    );
    this.#lastCommit = lastCommit;
  }

  /** null: it was never made. */
  find(type: RecordedType, place: Place): PresentObject | null {
    const id = objectRowId(type, place);
    if (this.#lastCommit === null) return this.#read(id);
    const { objects } = this.#keptOf(place.shard, this.#lastCommit(place.shard));
    const known = objects.get(id);
    if (known !== undefined) return known;
    const read = this.#read(id);
    if (objects.size >= keptPerShardMax) objects.clear();
    objects.set(id, read);
    return read;
  }

  /** False where no commit that the asker knows of has come behind an entry, so that no object was written since. */
  mayHaveChangedSince({ shard, no }: Place): boolean {
    return this.#lastCommit === null || this.#lastCommit(shard) > no;
  }

  /**
   * Names the time in which no object of a shard has changed, where an entry that the asker knows to be recorded lies in it;
   * null: it may lie in an earlier one.
   */
  eraOf({ shard, no }: Place): Era | null {
    if (this.#lastCommit === null) return null;
    const kept = this.#keptOf(shard, this.#lastCommit(shard));
    return kept.lastCommit <= no ? kept : null;
  }

  // The records may be further than the asker was told. What is read too early then is forgotten when it is told.
  #keptOf(shard: number, lastCommit: number): Kept {
    const kept = this.#shards.get(shard);
    if (kept !== undefined && kept.lastCommit === lastCommit) return kept;
    const empty = { lastCommit, objects: new Map<number, PresentObject | null>() };
    this.#shards.set(shard, empty);
    return empty;
  }

  #read(id: number): PresentObject | null {
    const row = this.#statement.first([id]);
    if (row === null) return null;
    const { writtenNo, ...object } = row;
    return { object: objectOf(object), writtenNo };
  }
}

type SqlPresent = SqlObject & { readonly writtenNo: number };
