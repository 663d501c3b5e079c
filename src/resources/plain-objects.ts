import type { Place } from "../kernel/ids.ts";
import type { Minor } from "../kernel/money.ts";
import { type ObjectType, objectTypes } from "../store/entry.ts";
import type { CommitStep } from "../store/commit.ts";
import { fields } from "../store/keys.ts";
import { packVersion } from "../store/statics.ts";
import { type Change, type Program, ProgramError, commitChange, readObject, tryChange } from "./program.ts";

/*
 * Objects that no message of a network reads: designs, files, bank accounts, keys. Redis keeps their versions only, so
 * that of two changes at once one is a conflict.
 */

/**
 * Makes an object under a number that follows from something else, and moves money with it. False: it was made before, and
 * nothing was written. Throws ProgramError.
 */
export async function addNumberedObject(
  program: Program,
  account: Place,
  { type, no }: PlainName,
  { body, moved }: Pick<Made, "body" | "moved">,
): Promise<boolean> {
  const result = await tryChange(program, {
    ...writeOf(program, account, { type, no }, { version: 1, before: "absent", moved }),
    body,
  });
  if (result.outcome === "done") return true;
  if (result.outcome === "conflict" && result.field === fields.objectVersion(objectTypes[type], no)) return false;
  const cause = "cause" in result ? result.cause : result.outcome;
  throw new ProgramError("store_down", `the ${type} could not be made: ${cause}`);
}

/** Money that a write moves: what the account's balance gets, negative where it pays. */
export interface Moved {
  /** Number of the balance: see ledger/balances. */
  readonly balance: number;
  readonly amount: Minor;
}

interface Made {
  readonly type: ObjectType;
  readonly body: object;
  readonly moved: Moved | null;
  /** Field of the account's objects that is taken with it for ever: who wants it second is refused with `conflict`. */
  readonly once?: string;
}

/** Makes an object of an account; its number is the next of its type in the shard. Throws ProgramError. */
export function addPlainObject(program: Program, account: Place, type: ObjectType, body: object): Promise<Place> {
  return add(program, account, { type, body, moved: null });
}

/** Makes an object and moves money with it, or neither: `not_enough_funds` where the balance would go below zero. */
export function addMovingObject(program: Program, account: Place, made: Made): Promise<Place> {
  return add(program, account, made);
}

async function add(program: Program, account: Place, { type, body, moved, once }: Made): Promise<Place> {
  const { shard } = account;
  for (;;) {
    const no = await program.numbers.next(type, shard);
    const write = writeOf(program, account, { type, no }, { version: 1, before: "absent", moved });
    const steps = once === undefined ? write.steps : [...write.steps, ...takenOnce(program, account, once)];
    const result = await tryChange(program, { ...write, steps, body });
    if (result.outcome === "done") return { shard, no };
    if (result.outcome === "conflict" && result.field === once) {
      throw new ProgramError("conflict", `a ${type} was made for the same before`);
    }
    if (result.outcome === "short") throw shortOf(result.available);
    // A balance that would grow beyond all money is no number that somebody else has taken.
    if (result.outcome === "conflict" && result.field !== fields.objectVersion(objectTypes[type], no)) {
      throw new ProgramError("invalid", "the balance would be larger than a balance can be");
    }
    if (result.outcome !== "conflict") {
      throw new ProgramError(
        "store_down",
        `the ${type} could not be made: ${"cause" in result ? result.cause : result.outcome}`,
      );
    }
  }
}

function takenOnce(program: Program, { shard, no }: Place, field: string): CommitStep[] {
  const key = program.committer.keyspace.objects(shard, no);
  return [
    { do: "expect", key, field, version: "absent" },
    { do: "set", key, field, value: packVersion(1) },
  ];
}

/**
 * Writes what `change` makes of an object. Throws ProgramError, `conflict` where somebody was faster; what `change` throws is
 * passed on.
 */
export function changePlainObject<Body extends object>(
  program: Program,
  account: Place,
  name: PlainName,
  change: (body: Body) => Body,
): Promise<Body> {
  return changeAndMove<Body>(program, account, name, (body) => ({ body: change(body), moved: null }));
}

/** The same for what has to be written in any case: who is in the way is let past. `change` may find it done. */
export async function insistOnChange<Body extends object>(
  program: Program,
  account: Place,
  name: PlainName,
  change: (body: Body) => Body,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await changePlainObject<Body>(program, account, name, change);
      return;
    } catch (error) {
      if (!(error instanceof ProgramError) || error.code !== "conflict" || tries === triesMax) throw error;
    }
  }
}

const triesMax = 5;

/** The same, and moves money with it, or neither. */
export async function changeAndMove<Body extends object>(
  program: Program,
  account: Place,
  { type, no }: PlainName,
  change: (body: Body) => { readonly body: Body; readonly moved: Moved | null },
): Promise<Body> {
  const { version, body } = await readObject<Body>(program, type, { shard: account.shard, no });
  const { body: after, moved } = change(body);
  await commitChange(program, {
    ...writeOf(program, account, { type, no }, { version: version + 1, before: version, moved }),
    body: after,
  });
  return after;
}

function shortOf(available: bigint): ProgramError {
  return new ProgramError("not_enough_funds", `only ${available} is available`);
}

export interface PlainName {
  readonly type: ObjectType;
  readonly no: number;
}

interface Step {
  readonly version: number;
  readonly before: number | "absent";
  readonly moved: Moved | null;
}

function writeOf(
  program: Program,
  account: Place,
  { type, no }: PlainName,
  { version, before, moved }: Step,
): Omit<Change, "body"> {
  const key = program.committer.keyspace.objects(account.shard, account.no);
  const field = fields.objectVersion(objectTypes[type], no);
  const steps: CommitStep[] = [
    { do: "expect", key, field, version: before },
    { do: "set", key, field, value: packVersion(version) },
  ];
  if (moved !== null) steps.push({ do: "move", amount: moved.amount });
  return {
    shard: account.shard,
    account: account.no,
    objectType: type,
    objectNo: no,
    version,
    currency: moved?.balance ?? 0,
    accountVersion: 0,
    steps,
  };
}
