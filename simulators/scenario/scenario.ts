import type { LimitInterval } from "../../specs/limits.ts";
import type { MerchantCategory } from "../../specs/merchant-categories.ts";
import type { AdviceMti, AuthorizationMti, FinancialMti, ReversalMti } from "../network-side.ts";
import type { NetworkName, Service } from "../purchase.ts";

/** Where something stands in a scenario's file, for whoever has to mend it. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** "steps[3].expect.code". */
  readonly path: string;
}

/** A value as it is written; `${…}` in it stands for something that is known when the step runs. */
export interface Text extends Place {
  readonly text: string;
}

/** A card that is issued before the first step, on an account of its own or one that it shares by name. */
export interface CardWish {
  readonly account: string;
  readonly network: "visa" | "mastercard";
  /** Lower-case code of a currency. */
  readonly currency: string;
  /** Major units, paid in before the first step; of a shared account the first card's count. */
  readonly funds: string;
  /** Whether the account takes partial approvals. */
  readonly takesPartial: boolean;
  readonly status: "active" | "inactive";
  /** standard: with the default limits; load: without them. */
  readonly program: "standard" | "load";
  readonly limits: readonly LimitWish[];
  readonly blockedCategories: readonly MerchantCategory[];
}

export interface LimitWish {
  /** Major units. */
  readonly amount: string;
  readonly interval: LimitInterval;
}

/** What an answer has to be. What is not said is not looked at. */
export interface AnswerWish extends Place {
  /** DE39. */
  readonly code: Text | null;
  /** DE4, in major units. */
  readonly amount: Text | null;
  /** Path → value, "present" or "absent". */
  readonly fields: readonly { readonly path: string; readonly value: Text }[];
  /** The message whose answer has to come again: DE38 and DE39. */
  readonly sameAs: Text | null;
  /** No answer at all within the time. */
  readonly isSilent: boolean;
}

export type MoneyMti = AuthorizationMti | FinancialMti | AdviceMti | ReversalMti;

export interface SendStep extends Place {
  readonly kind: "send";
  readonly mti: MoneyMti;
  /** Later steps name the message by it. */
  readonly as: string | null;
  /** What it repeats, completes, stands in for or takes back. */
  readonly of: Text | null;
  readonly addsTo: Text | null;
  readonly card: Text | null;
  readonly merchant: Text | null;
  readonly link: NetworkName | null;
  /** DE4, in major units of the merchant's currency. */
  readonly amount: Text | null;
  readonly cashback: Text | null;
  readonly service: Service | null;
  readonly takesPartial: boolean | null;
  readonly isEstimate: boolean | null;
  /** DE95, in major units. */
  readonly leaves: Text | null;
  /** DE39 of an advice; null: 00. */
  readonly answered: Text | null;
  /** Whether an advice stands in for what it names, under that one's own STAN. */
  readonly standsIn: boolean;
  /** Fields that are written over before the message leaves. */
  readonly set: readonly { readonly path: string; readonly value: Text }[];
  /** Whether the model of the rules is asked as well. */
  readonly isJudged: boolean;
  /** How long an answer may take, in milliseconds. */
  readonly withinMs: number;
  readonly expect: AnswerWish | null;
}

export type ScenarioStep =
  | SendStep
  /** A message that is only spoken of: it is sent later, or never. */
  | ({ readonly kind: "plan"; readonly send: SendStep } & Place)
  /** At the same time, each on a connection of its own. */
  | ({ readonly kind: "together"; readonly sends: readonly SendStep[] } & Place)
  /** The line of a network is down meanwhile; afterwards its stored advices are waited for. */
  | ({
      readonly kind: "outage";
      readonly link: NetworkName;
      readonly sends: readonly SendStep[];
    } & Place)
  | ({
      readonly kind: "balance";
      readonly card: Text;
      /** Major units of the card currency. */
      readonly available: Text | null;
      readonly held: Text | null;
      /** What remains of each open hold of the card, smallest first. */
      readonly holds: readonly Text[] | null;
    } & Place)
  | ({ readonly kind: "clock"; readonly span: string } & Place)
  | ({ readonly kind: "wait"; readonly ms: number } & Place)
  | ({ readonly kind: "change"; readonly card: Text; readonly change: ProgramChange } & Place)
  /** A 0800 of ours. */
  | ({ readonly kind: "manage"; readonly link: NetworkName; readonly code: string; readonly answer: string } & Place)
  | ({ readonly kind: "verify" } & Place);

export type ProgramChange =
  | { readonly kind: "card"; readonly status: "active" | "inactive" | "canceled" }
  | { readonly kind: "account"; readonly isEnabled: boolean };

export interface Scenario {
  readonly file: string;
  /** What it shows, in a sentence. */
  readonly title: string;
  readonly variables: ReadonlyMap<string, string>;
  readonly cards: ReadonlyMap<string, CardWish>;
  readonly steps: readonly ScenarioStep[];
}
