import type { Place } from "../../kernel/ids.ts";
import { partsOfEntry } from "../../ledger/entry-parts.ts";
import { fields } from "../../store/keys.ts";
import { type AccountStatic, packAccount } from "../../store/statics.ts";
import type { Details } from "../details.ts";
import { type Program, ProgramError, commitChange, readObject, tryChange } from "../program.ts";

/** A connected account: it owns an issuing balance, cardholders and cards. */
export interface AccountBody {
  readonly object: "account";
  readonly business_name: string;
  readonly country: string;
  readonly default_currency: string;
  readonly is_enabled: boolean;
  /** The one account that owns the others and the keys of the API; it can hold cardholders and cards itself. */
  readonly is_platform: boolean;
  /** Short funds approve a part, where the message allows it. Off by default. */
  readonly partial_approvals: boolean;
  /** The program's endpoint is asked about what would be approved; absent: it is not. */
  readonly asks_platform?: boolean;
  /** What the endpoint does not answer in time is approved; absent: it is declined. */
  readonly approves_by_default?: boolean;
  /** Who is declined for suspected fraud is asked by a message; absent: nobody is. */
  readonly fraud_challenges?: boolean;
  /** For how long they may answer, in minutes of business time; absent: a day. */
  readonly fraud_challenge_minutes?: number;
  /** What is disputed is lent until the network has answered; absent: it is not. */
  readonly provisional_credit?: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** Names of the capabilities that were asked for; all that are, are active until the account is rejected. */
  readonly capabilities: readonly string[];
  /** Names of those that this version has requested, given back, opened or closed; absent: none. */
  readonly changed_capabilities?: readonly string[];
  /** Whose network its cards are of, where nobody says otherwise. */
  readonly preferred_network: "visa" | "mastercard";
  /** Why the platform has rejected it: rejected.fraud; null: it has not. */
  readonly disabled_reason: string | null;
  /** It is found no more. */
  readonly deleted: boolean;
  readonly details: AccountDetails;
  /** Business time, in seconds. */
  readonly created: number;
}

/** What only the API reads and tells again. */
export interface AccountDetails {
  readonly type: AccountType;
  readonly email: string | null;
  readonly business_type: BusinessType | null;
  readonly business_profile: Details;
  readonly company: Details;
  /** null: nobody was named. */
  readonly individual: Details | null;
  readonly settings: Details;
  readonly tos_acceptance: Details;
}

export type AccountType = "custom" | "express" | "none" | "standard";
export type BusinessType = "company" | "government_entity" | "individual" | "non_profit";

/** Those of the accounts of a seed: everything that cards and their money need. */
const seedCapabilities = ["card_issuing", "transfers"] as const;

const noDetails: AccountDetails = {
  type: "custom",
  email: null,
  business_type: "company",
  business_profile: {},
  company: {},
  individual: null,
  settings: {},
  tos_acceptance: {},
};

export interface NewAccount {
  readonly businessName: string;
  readonly country: string;
  /** Lower-case ISO 4217 code. */
  readonly currency: string;
  readonly partialApprovals?: boolean;
  readonly isPlatform?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Default: those of a seed. */
  readonly capabilities?: readonly string[];
  readonly details?: AccountDetails;
  /** More is to be written before anybody may find it: `deleted` until then. */
  readonly isUnfinished?: boolean;
  /** The platform has an endpoint that is asked about connected accounts. */
  readonly asksPlatform?: boolean;
}

/** Creates an account in a shard. */
export async function createAccount(program: Program, shard: number, account: NewAccount): Promise<Place> {
  const { keyspace } = program.committer;
  const body: AccountBody = {
    object: "account",
    business_name: account.businessName,
    country: account.country,
    default_currency: account.currency,
    is_enabled: true,
    is_platform: account.isPlatform ?? false,
    partial_approvals: account.partialApprovals ?? false,
    metadata: account.metadata ?? {},
    capabilities: account.capabilities ?? seedCapabilities,
    preferred_network: "visa",
    disabled_reason: null,
    deleted: account.isUnfinished ?? false,
    ...(account.asksPlatform === true ? { asks_platform: true } : {}),
    details: account.details ?? noDetails,
    created: Math.floor(program.clock.businessNow() / 1000),
  };
  for (;;) {
    const no = await program.numbers.next("account", shard);
    const key = keyspace.account(shard, no);
    const result = await tryChange(program, {
      shard,
      account: no,
      objectType: "account",
      objectNo: no,
      version: 1,
      body,
      currency: 0,
      accountVersion: 1,
      steps: [
        { do: "expect", key, field: fields.accountStatic, version: "absent" },
        { do: "set", key, field: fields.accountStatic, value: packAccount(1, staticOf(body)) },
      ],
    });
    if (result.outcome === "done") return { shard, no };
    if (result.outcome !== "conflict")
      throw new ProgramError(
        "store_down",
        `the account could not be created: ${"cause" in result ? result.cause : result.outcome}`,
      );
  }
}

/** A disabled account declines everything with `account_disabled`. */
export function setAccountEnabled(program: Program, place: Place, isEnabled: boolean): Promise<void> {
  return updateAccount(program, place, { is_enabled: isEnabled });
}

/** Whether short funds approve a part (rules: Holds, Partial approval). */
export function setPartialApprovals(program: Program, place: Place, takesPartial: boolean): Promise<void> {
  return updateAccount(program, place, { partial_approvals: takesPartial });
}

/** Whether the program's endpoint is asked, and what counts where it does not answer (rules: Real-time endpoint). */
export function setAsking(
  program: Program,
  place: Place,
  asking: { readonly asksPlatform: boolean; readonly approvesByDefault: boolean },
): Promise<void> {
  const { asksPlatform: asks_platform, approvesByDefault: approves_by_default } = asking;
  return updateAccount(program, place, { asks_platform, approves_by_default });
}

export type AccountChange = Partial<
  Omit<AccountBody, "object" | "changed_capabilities" | "country" | "is_platform" | "created">
>;

/** Changes an account. What depends on how it stands now is given as a function of that. */
export async function updateAccount(
  program: Program,
  place: Place,
  change: AccountChange | ((body: AccountBody) => AccountChange),
): Promise<void> {
  const { version, body } = await readObject<AccountBody>(program, "account", place);
  const key = program.committer.keyspace.account(place.shard, place.no);
  const { changed_capabilities: _told, ...before } = body;
  const changed: AccountBody = { ...before, ...(typeof change === "function" ? change(before) : change) };
  const capabilities = changedCapabilities(before, changed);
  const after = capabilities.length === 0 ? changed : { ...changed, changed_capabilities: capabilities };
  await commitChange(program, {
    shard: place.shard,
    account: place.no,
    objectType: "account",
    objectNo: place.no,
    version: version + 1,
    body: after,
    currency: 0,
    accountVersion: version + 1,
    steps: [
      { do: "expect", key, field: fields.accountStatic, version },
      { do: "set", key, field: fields.accountStatic, value: packAccount(version + 1, staticOf(after)) },
    ],
  });
}

/** Beside account.updated: an entry has parts for so many events. */
const capabilitiesToldMax = partsOfEntry - 1;

function changedCapabilities(before: AccountBody, after: AccountBody): readonly string[] {
  const names = new Set([...before.capabilities, ...after.capabilities]);
  const statusIn = ({ capabilities, disabled_reason }: AccountBody, name: string): string =>
    capabilities.includes(name) ? (disabled_reason ?? "active") : "unrequested";
  return [...names].filter((name) => statusIn(before, name) !== statusIn(after, name)).slice(0, capabilitiesToldMax);
}

function staticOf(body: AccountBody): AccountStatic {
  return {
    isEnabled: body.is_enabled,
    takesPartial: body.partial_approvals,
    asksPlatform: body.asks_platform ?? false,
    approvesByDefault: body.approves_by_default ?? false,
  };
}
