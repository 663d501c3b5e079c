import type { Place } from "../../kernel/ids.ts";
import { type SpendingControls, countersOf, noControls } from "../../ledger/limits.ts";
import { fields } from "../../store/keys.ts";
import { type HolderStatus, packHolder } from "../../store/statics.ts";
import { type Program, ProgramError, commitChange, readObject, tryChange } from "../program.ts";
import { controlsText } from "./controls.ts";
import { type CounterOwner, counterChange, fillCounters } from "./counters.ts";

export interface Address {
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly state: string | null;
  readonly postal_code: string;
  readonly country: string;
}

/** What a person of a program has told about itself. Documents are numbers of files of the account. */
export interface Individual {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly dob: { readonly day: number; readonly month: number; readonly year: number } | null;
  readonly document: { readonly front: number | null; readonly back: number | null } | null;
  readonly user_terms_acceptance: {
    /** Seconds since 1970. */
    readonly date: number | null;
    readonly ip: string | null;
    readonly user_agent: string | null;
  } | null;
}

export interface CardholderBody extends CardholderExtras {
  readonly object: "issuing.cardholder";
  readonly name: string;
  readonly email: string | null;
  readonly phone_number: string | null;
  readonly type: "individual" | "company";
  readonly status: HolderStatus;
  readonly billing: { readonly address: Address };
  readonly requirements: { readonly disabled_reason: string | null; readonly past_due: readonly string[] };
  readonly spending_controls: SpendingControls;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created: number;
}

/** What the hot path does not read and few cardholders have. */
interface CardholderExtras {
  readonly individual: Individual | null;
  readonly company: { readonly tax_id_provided: boolean } | null;
  readonly preferred_locales: readonly PreferredLocale[] | null;
  /** Lower-case code of the amounts of the limits; null: there are none. */
  readonly spending_limits_currency: string | null;
}

export type PreferredLocale = "de" | "en" | "es" | "fr" | "it";

export type NewCardholder = Omit<CardholderBody, "object" | "created" | keyof CardholderExtras> &
  Partial<CardholderExtras>;

const noExtras: CardholderExtras = {
  individual: null,
  company: null,
  preferred_locales: null,
  spending_limits_currency: null,
};

/** Creates a cardholder of an account. */
export async function createCardholder(program: Program, account: Place, cardholder: NewCardholder): Promise<Place> {
  const { shard } = account;
  const key = program.committer.keyspace.account(shard, account.no);
  const body: CardholderBody = {
    object: "issuing.cardholder",
    ...noExtras,
    ...cardholder,
    created: Math.floor(program.clock.businessNow() / 1000),
  };
  for (;;) {
    const no = await program.numbers.next("cardholder", shard);
    const result = await tryChange(program, {
      shard,
      account: account.no,
      objectType: "cardholder",
      objectNo: no,
      version: 1,
      body,
      currency: 0,
      accountVersion: 0,
      steps: [
        { do: "expect", key, field: fields.holder(no), version: "absent" },
        { do: "set", key, field: fields.holder(no), value: packHolder(staticOf(1, body)) },
      ],
    });
    if (result.outcome === "done") return { shard, no };
    if (result.outcome !== "conflict")
      throw new ProgramError(
        "store_down",
        `the cardholder could not be created: ${"cause" in result ? result.cause : result.outcome}`,
      );
  }
}

export type CardholderChange = Partial<Omit<CardholderBody, "object" | "name" | "type" | "created">>;

/**
 * Changes a cardholder; resolves once new limits count what was spent before. What depends on how it stands now is given
 * as a function of that.
 */
export async function updateCardholder(
  program: Program,
  account: Place,
  no: number,
  change: CardholderChange | ((body: CardholderBody) => CardholderChange),
): Promise<void> {
  const { shard } = account;
  const key = program.committer.keyspace.account(shard, account.no);
  const { version, body } = await readObject<CardholderBody>(program, "cardholder", { shard, no });
  const after: CardholderBody = { ...body, ...(typeof change === "function" ? change(body) : change) };
  const owner: CounterOwner = {
    shard,
    account: account.no,
    chain: 0,
    cardholder: no,
    key,
    fieldOf: (interval, setNumber) => fields.holderCounter(no, interval, setNumber),
  };
  const counters = counterChange(
    owner,
    countersOf(body.spending_controls.spending_limits ?? []),
    countersOf(after.spending_controls.spending_limits ?? []),
  );
  const committed = await commitChange(program, {
    shard,
    account: account.no,
    objectType: "cardholder",
    objectNo: no,
    version: version + 1,
    body: after,
    currency: 0,
    accountVersion: 0,
    steps: [
      { do: "expect", key, field: fields.holder(no), version },
      { do: "set", key, field: fields.holder(no), value: packHolder(staticOf(version + 1, after)) },
      ...counters.steps,
    ],
  });
  await fillCounters(program, owner, counters.added, committed);
}

/** A cardholder without anything special, such as those of a load program. */
export function plainCardholder(name: string, country: string): NewCardholder {
  return {
    name,
    email: null,
    phone_number: null,
    type: "individual",
    status: "active",
    billing: {
      address: { line1: "1 Test Way", line2: null, city: "Testville", state: null, postal_code: "00000", country },
    },
    requirements: { disabled_reason: null, past_due: [] },
    spending_controls: noControls,
    metadata: {},
  };
}

function staticOf(version: number, body: CardholderBody) {
  return {
    version,
    status: body.status,
    isVerificationRequired: body.requirements.past_due.length > 0 || body.requirements.disabled_reason !== null,
    controls: controlsText(body.spending_controls),
  };
}
