import { networks, type Network } from "../../specs/networks.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Minor } from "../kernel/money.ts";
import { type Clearing, clear } from "../store/clear.ts";
import type { Committer } from "../store/commit.ts";
import type { MerchantText } from "../store/entry-part.ts";
import type { ClearingDecision } from "./decision.ts";
import { hash64 } from "./identity.ts";
import type { ProgramTables } from "./program-tables.ts";
import { type CountedCard, readProgram } from "./read-program.ts";
import { clearingDecision, readReply } from "./replies.ts";
import { type Door, doors, purposes } from "./request.ts";

export interface ClearingParts {
  readonly committer: Committer;
  readonly tables: ProgramTables;
  readonly clock: Clock;
}

/** What is presented for clearing: a capture, a refund, or a posting that nobody asked for. */
export interface ClearingRequest {
  readonly card: Omit<CountedCard, "mcc">;
  /** ISO 4217 numeric of the card. */
  readonly currency: number;
  readonly kind: "capture" | "refund";
  /** In the card's currency. 0 only where an open hold is to be closed for nothing. */
  readonly amount: Minor;
  /** What the hold has left is released. */
  readonly isFinal: boolean;
  /** The authorization that it names, as its entry tells of it; null: none. */
  readonly authorization: { readonly no: number; readonly holdKey: Uint8Array; readonly mcc: number } | null;
  /** Eight bytes that name this posting, and eight of what it says: the same key with others is a conflict. */
  readonly postingKey: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly network: Network;
  readonly door: Door;
  /** Six digits; DE32 and DE37, or "". */
  readonly stan: string;
  readonly acquirer: string;
  readonly rrn: string;
  readonly networkChain: string;
  readonly transactionAmount: Minor;
  readonly transactionCurrency: number;
  /** DE10 as a number; 0: none. */
  readonly rate: number;
  readonly merchant: MerchantText;
  /** DE18; of what names an authorization, that of the authorization counts. */
  readonly mcc: number;
  readonly merchantCountry: number;
  readonly isPresent: boolean;
  readonly cashbackAmount: Minor;
  readonly authorizationCode: number;
  /** MMDD, or "": the business day. */
  readonly settlementDate: string;
  /** JSON of what no field holds, or "". */
  readonly details: string;
}

const triesMax = 5;
const noKey = new Uint8Array(8);

/** Posts it, whatever has become of its authorization, once (rules: Clearing always posts). Safe to repeat. */
export async function clearPosting(parts: ClearingParts, request: ClearingRequest): Promise<ClearingDecision> {
  const { shard } = request.card;
  let countedMcc = request.authorization?.mcc ?? request.mcc;
  for (let tries = 0; tries < triesMax; tries++) {
    const program = await readProgram(parts, { ...request.card, mcc: countedMcc });
    if (program === null) return { outcome: "refused", cause: "the card's program could not be read" };
    const clearing = clearingOf(request, parts.clock.wallNow(), countedMcc);
    const reply = await clear(parts.committer, clearing, { program, businessMs: parts.clock.businessNow() });
    const read = readReply(reply);
    if (read.kind === "none") return read.decision;
    if (read.kind === "stored") return clearingDecision(shard, read.isDuplicate, read.stored);
    if (read.word === "conflict" || read.word === "nothing") return { outcome: read.word };
    if (read.word === "other_mcc") countedMcc = Number(read.detail);
    else if (read.word !== "stale") return { outcome: "unknown", cause: `the function said ${read.word}` };
  }
  return { outcome: "refused", cause: "card and hold change faster than they can be read" };
}

function clearingOf(request: ClearingRequest, wallMs: number, mcc: number): Clearing {
  const { authorization, card, merchant } = request;
  return {
    shard: card.shard,
    part: {
      kind: "clearing",
      account: card.account,
      wallMs,
      network: networks[request.network],
      card: card.card,
      chain: card.chain,
      cardholder: card.cardholder,
      messageKey: request.postingKey,
      chainKey: noKey,
      fingerprint: request.fingerprint,
      stan: request.stan,
      acquirer: request.acquirer,
      rrn: request.rrn,
      networkChain: request.networkChain,
      transactionAmount: request.transactionAmount,
      transactionCurrency: request.transactionCurrency,
      cardCurrency: request.currency,
      merchantKey: hash64(`${merchant.terminal}|${merchant.id}|${merchant.nameLocation}`),
      merchant,
      door: doors[request.door],
      purpose: request.kind === "refund" ? purposes.refund : purposes.purchase,
      cardAmount: request.amount,
      rate: request.rate,
      mcc,
      merchantCountry: request.merchantCountry,
      isPresent: request.isPresent,
      allowsPartial: false,
      cashbackAmount: request.cashbackAmount,
      entryMode: "",
      processingCode: request.kind === "refund" ? "200000" : "000000",
      authorizationCode: request.authorizationCode,
      details: request.details,
      isFinal: request.isFinal,
      holdKey: authorization?.holdKey ?? noKey,
      holdNo: authorization?.no ?? 0,
      settlementDate: request.settlementDate,
    },
  };
}
