import type { PanVault } from "../hsm/pan-vault.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Place } from "../kernel/ids.ts";
import type { Minor } from "../kernel/money.ts";
import type { Random } from "../kernel/random.ts";
import type { ChargedWindow } from "../records/queries.ts";
import { type Commit, type CommitResult, type Committer, commit } from "../store/commit.ts";
import type { ObjectType } from "../store/entry.ts";
import type { Numbers } from "./numbers.ts";
import type { PanBlocks } from "./pan-blocks.ts";

/** An object as the records hold it. */
export interface StoredObject {
  readonly version: number;
  /** JSON of the object. */
  readonly body: string;
}

/** The records, as of everything that the journal held when the question was asked. */
export interface ProgramReader {
  read(type: ObjectType, place: Place): Promise<StoredObject | null>;
  /** Spent and not given back in a window, by entries up to a journal number. */
  charged(window: ChargedWindow): Promise<Minor>;
}

/** What writing a program needs. Every write goes through `commit`. */
export interface Program {
  readonly committer: Committer;
  readonly clock: Clock;
  readonly random: Random;
  readonly vault: PanVault;
  readonly reader: ProgramReader;
  readonly numbers: Numbers;
  readonly blocks: PanBlocks;
  /** Digits of a currency's minor unit. */
  readonly decimalsOf: (currency: number) => number;
  /**
   * Of the request that is served; null: of none. The one commit that makes what the request returns takes it along;
   * every other commit of the request goes through `aside`.
   */
  readonly idempotency: Commit["idempotency"];
  /** Hears of every commit that is not aside; null: nobody wants to know. */
  readonly onCommitted: ((shard: number, journalNo: number) => void) | null;
}

/** The same program for a commit beside the one that makes what a request returns, such as that of a PAN block. */
export function aside(program: Program): Program {
  return { ...program, idempotency: null, onCommitted: null };
}

/** Another attempt of the same request was committed before; whoever serves the request renders that one's entry. */
export class RequestRepeated extends Error {
  override readonly name = "RequestRepeated";
}

/** A change that could not be made: the object is not there, somebody was faster, or the store did not answer. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  readonly code: "no_such_object" | "conflict" | "not_enough_funds" | "pan_taken" | "store_down" | "invalid";

  constructor(code: ProgramError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export type Change = Omit<Commit, "wallMs" | "businessMs" | "idempotency">;

export interface Committed {
  readonly journalNo: number;
  readonly businessMs: number;
}

/** Commits a change at the clock's time, or throws why it could not be made. */
export async function commitChange(program: Program, change: Change): Promise<Committed> {
  const result = await tryChange(program, change);
  if (result.outcome === "done") return result;
  if (result.outcome === "conflict") throw new ProgramError("conflict", `${change.objectType}: changed meanwhile`);
  if (result.outcome === "short") throw new ProgramError("not_enough_funds", `only ${result.available} is available`);
  throw new ProgramError("store_down", `${change.objectType}: ${"cause" in result ? result.cause : result.outcome}`);
}

/** Throws RequestRepeated where the request's idempotency key was there first; nothing was written then. */
export async function tryChange(program: Program, change: Change): Promise<CommitResult> {
  const result = await commit(program.committer, {
    ...change,
    idempotency: program.idempotency,
    wallMs: program.clock.wallNow(),
    businessMs: program.clock.businessNow(),
  });
  if (result.outcome === "replayed" || result.outcome === "mismatch") {
    throw new RequestRepeated("another attempt with this idempotency key was committed first");
  }
  if (result.outcome === "done") program.onCommitted?.(change.shard, result.journalNo);
  return result;
}

/** Reads an object's body, or throws. */
export async function readObject<Body>(
  program: Program,
  type: ObjectType,
  place: Place,
): Promise<{ version: number; body: Body }> {
  const stored = await program.reader.read(type, place);
  if (stored === null) throw new ProgramError("no_such_object", `no ${type} ${place.no} in shard ${place.shard}`);
  // The body was written by this room: its shape is that of the version of its writer.
  return { version: stored.version, body: JSON.parse(stored.body) as Body };
}
