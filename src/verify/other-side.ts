import { networks } from "../../specs/networks.ts";
import type { Posting } from "../ledger/postings.ts";
import { settlementDay } from "../ledger/settlement-position.ts";
import {
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
    case "backfill":
      return nobody;
    case "financial":
      return ofFinancial(entry);
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

// A reversal has no DE15 of its own: it is settled with the business day on which it comes.
function ofReversal({ outcome, touched, amount, network, businessMs }: ReversalEntry): OtherSide {
  if (outcome !== luaConstants.REPOSTED) return nobody;
  return networkOn(settlementDay("", businessMs), network, touched === touches.credit ? amount : -amount);
}

// Every commit is recorded with the bank on its other side; money comes from there by a top-up alone.
function ofCommit({ objectType, moved }: CommitEntry): OtherSide {
  return { number: 1, name: "external_bank", gets: isPaidByBank[objectType] ? -moved : 0n };
}

const isPaidByBank: Readonly<Record<ObjectType, boolean>> = {
  account: false,
  cardholder: false,
  card: false,
  range: false,
  topup: true,
  exception: false,
  pan_exception: false,
  setting: false,
};

function networkOn(day: number, network: number, gets: bigint): OtherSide {
  const [name] = Object.entries(networks).find(([, number]) => number === network) ?? [String(network)];
  return { number: network * 100_000_000 + day, name: `network_payable:${name}:${day}`, gets };
}
