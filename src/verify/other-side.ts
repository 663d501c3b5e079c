import { networks } from "../../specs/networks.ts";
import type { Posting } from "../ledger/postings.ts";
import { settlementDay } from "../ledger/settlement-position.ts";
import {
  type ClearingEntry,
  type CommitEntry,
  type FinancialEntry,
  type JournalEntry,
  type ObjectType,
  type ReversalEntry,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";

/** With whom an entry exchanges money: what that side gets is what available and held lose together. */
export interface OtherSide {
  /** As rows number it: 0 nobody, 1 the bank, else the network's number times 10^8 and the settlement day. */
  readonly number: number;
  readonly name: string;
  /** Negative: it pays. 0: money goes at most from available to held, or back. */
  readonly gets: bigint;
}

/**
 * Who stands on the other side of an entry, by its kind and outcome (rules: Postings). The ledger says the same in its own
 * way, and takes for the other side whatever available and held leave over: only what is said twice can be found wrong.
 */
export function otherSideOf(entry: JournalEntry): OtherSide {
  switch (entry.kind) {
    case "authorization":
    case "advice":
    case "expiry":
    case "answer":
    case "backfill":
      return nobody;
    case "financial":
      return ofFinancial(entry);
    case "clearing":
      return ofClearing(entry);
    case "reversal":
      return ofReversal(entry);
    case "commit":
      return ofCommit(entry);
  }
}

/** What is told to go to the other side: by the rules, and by the postings that the ledger makes of the entry. */
export function sideTexts(entry: JournalEntry, postings: readonly Posting[]): { expected: string; found: string } {
  const { name, gets } = otherSideOf(entry);
  const outside = postings.filter(({ account }) => account !== "available" && account !== "held");
  const found = outside.map(({ account, amount }) => `${amount} to ${account}`).join(", ");
  return { expected: gets === 0n ? "nothing" : `${gets} to ${name}`, found: found === "" ? "nothing" : found };
}

const nobody: OtherSide = { number: 0, name: "nobody", gets: 0n };

function ofFinancial({ outcome, purpose, amount, network, settlementDate, businessMs }: FinancialEntry): OtherSide {
  const day = settlementDay(settlementDate, businessMs);
  switch (outcome) {
    case luaConstants.POSTED:
    case luaConstants.FORCE_POSTED:
      return networkOn(day, network, purpose === luaConstants.PURPOSE_REFUND ? -amount : amount);
    case luaConstants.CAPTURED_HOLD:
      return networkOn(day, network, amount);
    default:
      return nobody;
  }
}

function ofClearing({ outcome, amount, network, settlementDate, businessMs }: ClearingEntry): OtherSide {
  const day = settlementDay(settlementDate, businessMs);
  return networkOn(day, network, outcome === luaConstants.REFUNDED ? -amount : amount);
}

// A reversal has no DE15 of its own: it is settled with the business day on which it comes.
function ofReversal({ outcome, touched, amount, network, businessMs }: ReversalEntry): OtherSide {
  if (outcome !== luaConstants.REPOSTED) return nobody;
  return networkOn(settlementDay("", businessMs), network, touched === touches.credit ? amount : -amount);
}

// A commit that moves nothing is recorded with the bank on its other side.
function ofCommit({ objectType, moved }: CommitEntry): OtherSide {
  const name = commitPayers[objectType];
  return { number: sideNumbers[name ?? "external_bank"], name: name ?? "external_bank", gets: name ? -moved : 0n };
}

const sideNumbers = { external_bank: 1, in_transit: 2, disputes: 3 } as const;

/** Where the money comes from that a commit moves; null: such a commit moves none. */
const commitPayers: Readonly<Record<ObjectType, keyof typeof sideNumbers | null>> = {
  account: null,
  cardholder: null,
  card: null,
  range: null,
  topup: "external_bank",
  exception: null,
  pan_exception: null,
  setting: null,
  payout: "external_bank",
  transfer: "in_transit",
  transfer_reversal: "in_transit",
  funding: "external_bank",
  dispute: "disputes",
  personalization_design: null,
  file: null,
  file_link: null,
  ephemeral_key: null,
  webhook_endpoint: null,
  api_key: null,
  external_account: null,
  authorization_note: null,
  transaction_note: null,
  issuing_settings: null,
  refusal: null,
  arrival: "in_transit",
  person: null,
  account_link: null,
  file_part: null,
};

function networkOn(day: number, network: number, gets: bigint): OtherSide {
  const [name] = Object.entries(networks).find(([, number]) => number === network) ?? [String(network)];
  return { number: network * 100_000_000 + day, name: `network_payable:${name}:${day}`, gets };
}
