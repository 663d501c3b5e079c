import type { Place } from "../../kernel/ids.ts";
import type { FraudChallenge } from "../../ledger/entry-details.ts";
import type { RecordsQueries } from "../../records/queries.ts";
import { objectTypes } from "../../store/entry.ts";
import { fields } from "../../store/keys.ts";
import { packVersion } from "../../store/statics.ts";
import type { Metadata } from "../metadata.ts";
import { type Program, commitChange } from "../program.ts";
import { storedObject } from "../stored-object.ts";

/*
 * What the API keeps of an authorization or a transaction beside its messages. A note has the number of the entry that
 * made what it is about, and belongs to the same account.
 */

export interface AuthorizationNote {
  readonly metadata: Metadata;
  /** As they stand; empty: as the authorization's first entry says. */
  readonly fraud_challenges: readonly FraudChallenge[];
  /** Business millisecond at which a challenge that waits is over; null: none waits. */
  readonly due_ms: number | null;
  /** Present where the version changes nothing that is told. */
  readonly events?: readonly [];
}

export interface TransactionNote {
  readonly metadata: Metadata;
  /** What the test helper has given back of a capture; absent: nothing. */
  readonly refunds?: Refunds;
  /** Business millisecond at which a refund that was not posted yet has to be; null or absent: none is left. */
  readonly due_ms?: number | null;
  /** Present where the version changes nothing that is told. */
  readonly events?: readonly [];
}

export interface Refunds {
  readonly count: number;
  /** Their sum, in minor units of the card. */
  readonly amount: number;
  /** Amount of the last one while it is not known to be posted; null: it is. */
  readonly unposted: number | null;
}

interface Notes {
  readonly authorization_note: AuthorizationNote;
  readonly transaction_note: TransactionNote;
}
export type NoteType = keyof Notes;

const blank: Notes = {
  authorization_note: { metadata: {}, fraud_challenges: [], due_ms: null },
  transaction_note: { metadata: {} },
};

interface StoredNote<Type extends NoteType> {
  /** 0: nobody has written one. */
  readonly version: number;
  readonly note: Notes[Type];
}

/** The note as it stood after an entry (null: as it stands); a blank one where nobody has written any. */
export function noteAsOf<Type extends NoteType>(
  records: RecordsQueries,
  type: Type,
  { place, asOf }: { readonly place: Place; readonly asOf: number | null },
): StoredNote<Type> {
  // A note is written after what it is about. Most are about something newer than any commit, so they need not be looked for.
  if (!records.present.mayHaveChangedSince(place)) return { version: 0, note: blank[type] };
  const written = storedObject(records, type, { place, asOf });
  if (written === null) return { version: 0, note: blank[type] };
  // Nobody but this room writes notes.
  return { version: written.version, note: JSON.parse(written.body) as Notes[Type] };
}

/** Writes what `change` makes of a note; the place is that of the authorization or of the transaction. Throws ProgramError. */
export async function changeNote<Type extends NoteType>(
  call: { readonly program: Program; readonly records: RecordsQueries; readonly account: { readonly place: Place } },
  type: Type,
  place: Place,
  change: (note: Notes[Type], version: number) => Notes[Type],
): Promise<void> {
  const { account, program, records } = call;
  const { version, note } = noteAsOf(records, type, { place, asOf: null });
  const key = program.committer.keyspace.objects(account.place.shard, account.place.no);
  const field = fields.objectVersion(objectTypes[type], place.no);
  await commitChange(program, {
    shard: place.shard,
    account: account.place.no,
    objectType: type,
    objectNo: place.no,
    version: version + 1,
    body: change(note, version),
    currency: 0,
    accountVersion: 0,
    steps: [
      { do: "expect", key, field, version: version === 0 ? "absent" : version },
      { do: "set", key, field, value: packVersion(version + 1) },
    ],
  });
}
