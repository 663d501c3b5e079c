import type {
  AdviceRequest,
  AuthorizationRequest,
  FinancialRequest,
  ReversalRequest,
} from "../../src/authorizer/request.ts";
import { must } from "../../src/kernel/assert.ts";
import type { Minor } from "../../src/kernel/money.ts";
import type {
  AdviceOpinion,
  AuthorizationOpinion,
  ClearingOpinion,
  ExpiryOpinion,
  FinancialOpinion,
  ReversalOpinion,
  SettlingOpinion,
} from "../../simulators/model/answers.ts";
import type { ClearingMessage } from "../../simulators/model/clearing.ts";
import { type Hold, remainingOf } from "../../simulators/model/hold.ts";
import type { ExpiryOrder, Model, SettlingOrder } from "../../simulators/model/model.ts";
import type {
  CardStatus,
  CardholderStatus,
  NewAccount,
  NewCard,
  NewCardholder,
  SpendingControls,
} from "../../simulators/model/program.ts";

/** A change of the program, as the issuer makes it: what the seed or the API would do. */
export type ProgramChange =
  | { readonly kind: "add_account"; readonly account: NewAccount }
  | { readonly kind: "fund"; readonly account: string; readonly amount: Minor }
  | { readonly kind: "enable_account"; readonly account: string; readonly isEnabled: boolean }
  | { readonly kind: "partial_approvals"; readonly account: string; readonly allowsPartial: boolean }
  | { readonly kind: "asks_endpoint"; readonly account: string; readonly asksEndpoint: boolean }
  | { readonly kind: "add_cardholder"; readonly cardholder: NewCardholder }
  | { readonly kind: "cardholder_status"; readonly cardholder: string; readonly status: CardholderStatus }
  | { readonly kind: "cardholder_verification"; readonly cardholder: string; readonly isVerificationDue: boolean }
  | { readonly kind: "cardholder_controls"; readonly cardholder: string; readonly controls: SpendingControls }
  | { readonly kind: "add_card"; readonly card: NewCard }
  | { readonly kind: "card_status"; readonly card: string; readonly status: CardStatus }
  /** The replacement of a damaged or expired card becomes active, which cancels `original`. */
  | { readonly kind: "activate_replacement"; readonly card: string; readonly original: string }
  | { readonly kind: "card_controls"; readonly card: string; readonly controls: SpendingControls };

/** Whole seconds, in milliseconds since 1970, so that a format that keeps seconds is as exact as one that keeps more. */
export interface Times {
  readonly wallNowMs: number;
  readonly businessNowMs: number;
}

/** Messages that move money or ask about it. */
export type AmountOperation =
  | { readonly kind: "authorize"; readonly request: AuthorizationRequest }
  | { readonly kind: "advise"; readonly request: AdviceRequest }
  | { readonly kind: "post"; readonly request: FinancialRequest };
export type MessageOperation = AmountOperation | { readonly kind: "reverse"; readonly request: ReversalRequest };

export type Operation =
  | MessageOperation
  | { readonly kind: "clear"; readonly clearing: ClearingMessage }
  | ({ readonly kind: "settle" } & SettlingOrder)
  | ({ readonly kind: "expire" } & ExpiryOrder)
  | ({ readonly kind: "change"; readonly change: ProgramChange } & Times)
  /** Forget all that has expired in the chain of a card. */
  | ({ readonly kind: "purge"; readonly card: string } & Times);

export type Opinion =
  | {
      readonly kind: "authorize";
      readonly opinion: AuthorizationOpinion;
      /** The name of its chain led to an open hold when it came. */
      readonly isChainOpen: boolean;
    }
  /** `isAsked`: what it refers to was waiting for its endpoint. */
  | { readonly kind: "advise"; readonly opinion: AdviceOpinion; readonly isAsked: boolean }
  | { readonly kind: "post"; readonly opinion: FinancialOpinion; readonly isAsked: boolean }
  | { readonly kind: "reverse"; readonly opinion: ReversalOpinion }
  | {
      readonly kind: "clear";
      readonly opinion: ClearingOpinion;
      /** What the hold that it names was when it came; null: it names none. */
      readonly found: Hold["state"] | "unknown" | null;
      readonly remaining: bigint;
    }
  | { readonly kind: "settle"; readonly opinion: SettlingOpinion; readonly isIncrement: boolean }
  | { readonly kind: "expire"; readonly opinion: ExpiryOpinion }
  | { readonly kind: "change" }
  | { readonly kind: "purge"; readonly forgotten: number };

/** Far beyond every wall time of a run. */
export const deadlineAheadMs = Date.UTC(2200, 0, 1);
/** Long past for the function, which reads its own clock; an hour away for a caller whose wall clock stands at zero. */
export const deadlinePassedMs = 3_600_000;
export const purgeLimit = 1_000_000;

export function applyToModel(model: Model, operation: Operation): Opinion {
  switch (operation.kind) {
    case "authorize":
      return {
        kind: "authorize",
        isChainOpen: model.isChainOpen(operation.request),
        opinion: model.authorize(operation.request),
      };
    case "advise": {
      const waited = waitingOf(model, operation);
      const opinion = model.advise(operation.request);
      return { kind: "advise", opinion, isAsked: waitingOf(model, operation) < waited };
    }
    case "post": {
      const waited = waitingOf(model, operation);
      const opinion = model.post(operation.request);
      return { kind: "post", opinion, isAsked: waitingOf(model, operation) < waited };
    }
    case "reverse":
      return { kind: "reverse", opinion: model.reverse(operation.request) };
    case "clear":
      return { kind: "clear", ...foundBy(model, operation.clearing), opinion: model.clear(operation.clearing) };
    case "settle": {
      const isIncrement = model.holdOf(operation.chain, operation.messageKey) === null;
      return { kind: "settle", isIncrement, opinion: model.settle(operation) };
    }
    case "expire":
      return { kind: "expire", opinion: model.expire(operation) };
    case "change":
      changeModel(model, operation.change);
      noteTime(model, operation);
      return { kind: "change" };
    case "purge":
      return { kind: "purge", forgotten: model.purge(operation.card, operation.wallNowMs, purgeLimit) };
  }
}

/** How many messages of a card's line wait for their endpoint. */
function waitingOf(model: Model, { request }: AmountOperation): number {
  const card = model.program.cardFor(request.pan, null);
  return card === null ? 0 : model.waiting(card.chain).length;
}

function foundBy(model: Model, { card, authorization }: ClearingMessage) {
  if (authorization === null) return { found: null, remaining: 0n };
  const hold = model.holdOf(model.program.card(card).chain, authorization.key);
  return hold === null
    ? ({ found: "unknown", remaining: 0n } as const)
    : { found: hold.state, remaining: remainingOf(hold) };
}

/** An operation whose objects were dropped while a failing run was made shorter has nothing left to say. */
export function isApplicable(model: Model, operation: Operation): boolean {
  const { cards, cardholders, accounts } = model.program;
  if (operation.kind === "purge") return cards.has(operation.card);
  if (operation.kind === "expire" || operation.kind === "settle") return cards.has(operation.chain);
  if (operation.kind === "clear") return cards.has(operation.clearing.card);
  if (operation.kind !== "change") return true;
  const change = operation.change;
  switch (change.kind) {
    case "add_account":
      return true;
    case "fund":
    case "enable_account":
    case "partial_approvals":
    case "asks_endpoint":
      return accounts.has(change.account);
    case "add_cardholder":
      return accounts.has(change.cardholder.account);
    case "cardholder_status":
    case "cardholder_verification":
    case "cardholder_controls":
      return cardholders.has(change.cardholder);
    case "add_card":
      return (
        cardholders.has(change.card.cardholder) &&
        (change.card.replacement === null || cards.has(change.card.replacement.of))
      );
    case "card_status":
    case "card_controls":
    case "activate_replacement":
      return cards.has(change.card);
  }
}

/** The account on which an operation works: those of different accounts cannot touch each other. Null: nobody's. */
export function accountOf(model: Model, operation: Operation): string | null {
  const { program } = model;
  if (operation.kind === "purge") return program.card(operation.card).cardholder.account.account;
  if (operation.kind === "expire" || operation.kind === "settle")
    return program.card(operation.chain).cardholder.account.account;
  if (operation.kind === "clear") return program.card(operation.clearing.card).cardholder.account.account;
  if (operation.kind !== "change") {
    return program.cardFor(operation.request.pan, null)?.cardholder.account.account ?? null;
  }
  const change = operation.change;
  switch (change.kind) {
    case "add_account":
      return change.account.account;
    case "fund":
    case "enable_account":
    case "partial_approvals":
    case "asks_endpoint":
      return change.account;
    case "add_cardholder":
      return change.cardholder.account;
    case "cardholder_status":
    case "cardholder_verification":
    case "cardholder_controls":
      return program.cardholder(change.cardholder).account.account;
    case "add_card":
      return program.cardholder(change.card.cardholder).account.account;
    case "card_status":
    case "card_controls":
    case "activate_replacement":
      return program.card(change.card).cardholder.account.account;
  }
}

/** A change of the program is decided at a time of the account's as well. */
function noteTime(model: Model, operation: Operation & { kind: "change" }): void {
  const account = model.program.account(must(accountOf(model, operation), "a change belongs to an account"));
  account.lastBusinessMs = Math.max(account.lastBusinessMs, operation.businessNowMs);
}

function changeModel(model: Model, change: ProgramChange): void {
  const { program } = model;
  switch (change.kind) {
    case "add_account":
      return program.addAccount(change.account);
    case "fund":
      return model.fund(change.account, change.amount);
    case "enable_account":
      program.account(change.account).isEnabled = change.isEnabled;
      return;
    case "partial_approvals":
      program.account(change.account).allowsPartial = change.allowsPartial;
      return;
    case "asks_endpoint":
      program.account(change.account).asksEndpoint = change.asksEndpoint;
      return;
    case "add_cardholder":
      return program.addCardholder(change.cardholder);
    case "cardholder_status":
      program.cardholder(change.cardholder).status = change.status;
      return;
    case "cardholder_verification":
      program.cardholder(change.cardholder).isVerificationDue = change.isVerificationDue;
      return;
    case "cardholder_controls":
      program.cardholder(change.cardholder).controls = change.controls;
      return;
    case "add_card":
      return program.addCard(change.card);
    case "card_status":
      return program.setCardStatus(change.card, change.status);
    case "activate_replacement":
      return program.setCardStatus(change.card, "active");
    case "card_controls":
      program.card(change.card).controls = change.controls;
      return;
  }
}
