import type { Place } from "../kernel/ids.ts";
import { type ObjectType, objectTypes } from "../store/entry.ts";
import type { CommitStep } from "../store/commit.ts";
import { fields } from "../store/keys.ts";
import { packVersion } from "../store/statics.ts";
import { type Change, type Program, ProgramError, commitChange, readObject, tryChange } from "./program.ts";

/*
 * Objects that no message of a network reads: designs, files, bank accounts, keys. Redis keeps their versions only, so
 * that of two changes at once one is a conflict.
 */

/** Makes an object of an account; its number is the next of its type in the shard. Throws ProgramError. */
export async function addPlainObject(program: Program, account: Place, type: ObjectType, body: object): Promise<Place> {
  const { shard } = account;
  for (;;) {
    const no = await program.numbers.next(type, shard);
    const result = await tryChange(program, {
      ...writeOf(program, account, { type, no }, { version: 1, before: "absent" }),
      body,
    });
    if (result.outcome === "done") return { shard, no };
    if (result.outcome !== "conflict") {
      throw new ProgramError(
        "store_down",
        `the ${type} could not be made: ${"cause" in result ? result.cause : result.outcome}`,
      );
    }
  }
}

/** Writes what `change` makes of an object. Throws ProgramError, `conflict` where somebody was faster. */
export async function changePlainObject<Body extends object>(
  program: Program,
  account: Place,
  { type, no }: PlainName,
  change: (body: Body) => Body,
): Promise<Body> {
  const { version, body } = await readObject<Body>(program, type, { shard: account.shard, no });
  const after = change(body);
  await commitChange(program, {
    ...writeOf(program, account, { type, no }, { version: version + 1, before: version }),
    body: after,
  });
  return after;
}

export interface PlainName {
  readonly type: ObjectType;
  readonly no: number;
}

function writeOf(
  program: Program,
  account: Place,
  { type, no }: PlainName,
  { version, before }: { readonly version: number; readonly before: number | "absent" },
): Omit<Change, "body"> {
  const key = program.committer.keyspace.objects(account.shard, account.no);
  const field = fields.objectVersion(objectTypes[type], no);
  const steps: readonly CommitStep[] = [
    { do: "expect", key, field, version: before },
    { do: "set", key, field, value: packVersion(version) },
  ];
  return {
    shard: account.shard,
    account: account.no,
    objectType: type,
    objectNo: no,
    version,
    currency: 0,
    accountVersion: 0,
    steps,
  };
}
