import type { eventNames } from "../../specs/api/event-names.ts";
import { zero } from "../kernel/money.ts";
import {
  type AdviceEntry,
  type AnswerEntry,
  type AuthorizationEntry,
  type ClearingEntry,
  type CommitEntry,
  type FinancialEntry,
  type JournalEntry,
  type ObjectType,
  type ReversalEntry,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { readDetails } from "./entry-details.ts";
import { endsFirstMessage } from "./request-reasons.ts";

const { ADDED, CAPTURED_HOLD, COMPLETED, FORCE_POSTED, HELD, KILLED_PENDING, LOWERED, PENDING, POSTED } = luaConstants;
const { CAPTURED, RELEASED, REPOSTED } = luaConstants;

export type EventName = (typeof eventNames)[number];

/** What an event is about: a number of the entry's shard. */
export interface EventSubject {
  readonly type:
    | "account"
    | "authorization"
    | "balance"
    | "capability"
    | "card"
    | "cardholder"
    | "dispute"
    | "external_account"
    | "payout"
    | "person"
    | "personalization_design"
    | "topup"
    | "transaction"
    | "transfer";
  /** Of a balance 0: it is that of the entry's account. Of a capability the account's. */
  readonly no: number;
  /** Of a capability: card_issuing. */
  readonly name?: string;
}

/** A part of an entry: something that it has made known. */
export interface EventPart {
  /** Which part of its entry it is, from 0; fewer than `partsOfEntry`. */
  readonly index: number;
  readonly type: EventName;
  readonly subject: EventSubject;
}

interface Told {
  readonly type: EventName;
  readonly subject: EventSubject;
}

/**
 * The events that an entry stands for, in order. A decline is told as an authorization that was created, too.
 * `isReserved`: the first message of the hold that the entry is about has been waiting for the program's endpoint until
 * this entry, and was told to nobody yet.
 */
export function eventsOf(entry: JournalEntry, isReserved = false): EventPart[] {
  return toldBy(entry, isReserved).map((told, index) => ({ index, ...told }));
}

function toldBy(entry: JournalEntry, isReserved: boolean): Told[] {
  switch (entry.kind) {
    case "authorization":
      return ofAuthorization(entry);
    case "advice":
      return ofAdvice(entry, isReserved);
    case "financial":
      return ofFinancial(entry, isReserved);
    case "reversal":
      return ofReversal(entry);
    case "expiry":
      return [updated(entry.targetNo)];
    case "clearing":
      return ofClearing(entry, isReserved);
    case "answer":
      return ofAnswer(entry);
    case "commit":
      return ofCommit(entry);
    case "backfill":
      return [];
  }
}

// What waits for the program's endpoint is told once that has answered.
function ofAuthorization({ holdNo, no, outcome }: AuthorizationEntry): Told[] {
  if (outcome === PENDING) return [];
  return [holdNo > 0 ? updated(holdNo) : created(no)];
}

function ofAnswer(entry: AnswerEntry): Told[] {
  if (entry.targetNo === 0) return [];
  return [endsFirstMessage(entry) ? created(entry.targetNo) : updated(entry.targetNo)];
}

function ofAdvice(entry: AdviceEntry, isReserved: boolean): Told[] {
  const { amount, no, outcome, targetNo, touched } = entry;
  if (outcome === HELD) return amount > zero ? [created(no)] : [];
  const isChange = outcome === ADDED ? amount > zero : outcome === COMPLETED || touched === touches.reservation;
  if (!isChange && !isHeld(touched)) return [];
  return [isReserved && touched !== touches.increment ? created(targetNo) : updated(targetNo)];
}

function ofFinancial(entry: FinancialEntry, isReserved: boolean): Told[] {
  const { amount, isAdvice, no, outcome, targetNo } = entry;
  const told: Told[] = [];
  if (!isAdvice) told.push(created(no));
  if (outcome === CAPTURED_HOLD) told.push(isReserved ? created(targetNo) : updated(targetNo));
  const isPosted = outcome === POSTED || outcome === FORCE_POSTED || outcome === CAPTURED_HOLD;
  if (isPosted && amount > zero) told.push(posted(no));
  return told;
}

function ofClearing(entry: ClearingEntry, isReserved: boolean): Told[] {
  const { amount, no, outcome, targetNo } = entry;
  const told: Told[] = [];
  if (outcome === CAPTURED) told.push(isReserved ? created(targetNo) : updated(targetNo));
  if (amount > zero) told.push(posted(no));
  if (amount > zero && hasReceipt(entry)) {
    const subject = { type: "transaction", no } as const;
    told.push({ type: "issuing_transaction.purchase_details_receipt_updated", subject });
  }
  return told;
}

function hasReceipt({ details }: ClearingEntry): boolean {
  if (details === "") return false;
  const lines = readDetails(details).purchase_details?.receipt ?? [];
  return lines.length > 0;
}

function ofReversal(entry: ReversalEntry): Told[] {
  const { no, outcome, targetNo, touched } = entry;
  if (outcome === REPOSTED) return [posted(no)];
  if (outcome === KILLED_PENDING)
    return targetNo === 0 ? [] : [endsFirstMessage(entry) ? created(targetNo) : updated(targetNo)];
  return (outcome === RELEASED || outcome === LOWERED) && isHeld(touched) ? [updated(targetNo)] : [];
}

function isHeld(touched: number): boolean {
  return touched === touches.hold || touched === touches.increment;
}

function created(no: number): Told {
  return { type: "issuing_authorization.created", subject: { type: "authorization", no } };
}

function updated(no: number): Told {
  return { type: "issuing_authorization.updated", subject: { type: "authorization", no } };
}

function posted(no: number): Told {
  return { type: "issuing_transaction.created", subject: { type: "transaction", no } };
}

interface ObjectEvents {
  readonly subject: EventSubject["type"];
  readonly created: readonly EventName[];
  readonly updated: readonly EventName[];
}

/** What a version of an object tells where its body does not say so itself. */
const objectEvents: Readonly<Partial<Record<ObjectType, ObjectEvents>>> = {
  account: { subject: "account", created: [], updated: ["account.updated"] },
  authorization_note: {
    subject: "authorization",
    created: ["issuing_authorization.updated"],
    updated: ["issuing_authorization.updated"],
  },
  card: { subject: "card", created: ["issuing_card.created"], updated: ["issuing_card.updated"] },
  cardholder: {
    subject: "cardholder",
    created: ["issuing_cardholder.created"],
    updated: ["issuing_cardholder.updated"],
  },
  dispute: { subject: "dispute", created: ["issuing_dispute.created"], updated: ["issuing_dispute.updated"] },
  external_account: {
    subject: "external_account",
    created: ["account.external_account.created"],
    updated: ["account.external_account.updated"],
  },
  payout: { subject: "payout", created: ["payout.created"], updated: ["payout.updated"] },
  person: { subject: "person", created: ["person.created"], updated: ["person.updated"] },
  personalization_design: {
    subject: "personalization_design",
    created: [],
    updated: ["issuing_personalization_design.updated"],
  },
  topup: { subject: "topup", created: ["topup.created", "topup.succeeded"], updated: [] },
  transaction_note: {
    subject: "transaction",
    created: ["issuing_transaction.updated"],
    updated: ["issuing_transaction.updated"],
  },
  transfer: { subject: "transfer", created: ["transfer.created"], updated: ["transfer.updated"] },
};

function ofCommit({ body, objectNo, objectType, version }: CommitEntry): Told[] {
  const known = objectEvents[objectType];
  const types = eventsIn(body) ?? (version === 1 ? known?.created : known?.updated) ?? [];
  const told = types.flatMap((type): Told[] => {
    if (type.startsWith("balance.")) return [{ type, subject: { type: "balance", no: 0 } }];
    return known === undefined ? [] : [{ type, subject: { type: known.subject, no: objectNo } }];
  });
  return objectType === "account" ? [...told, ...ofCapabilities(body, objectNo)] : told;
}

// Written by the resource of accounts, which names no more than an entry has parts for.
function ofCapabilities(body: string, no: number): Told[] {
  if (!body.includes('"changed_capabilities":')) return [];
  const { changed_capabilities: names } = JSON.parse(body) as { readonly changed_capabilities?: readonly string[] };
  return (names ?? []).map((name) => ({ type: "capability.updated", subject: { type: "capability", no, name } }));
}

// A body was written by the resource of its type: what a version stands for beside the usual is named there.
function eventsIn(body: string): readonly EventName[] | null {
  if (!body.includes('"events":')) return null;
  const { events } = JSON.parse(body) as { readonly events?: readonly EventName[] };
  return events ?? null;
}
