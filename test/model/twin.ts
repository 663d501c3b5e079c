import type { AdviceDecision, FinancialDecision, ReversalDecision } from "../../src/authorizer/decision.ts";
import type {
  AdviceRequest,
  AuthorizationRequest,
  FinancialRequest,
  ReversalRequest,
} from "../../src/authorizer/request.ts";
import type { Balances } from "../../simulators/model/answers.ts";
import type { ClearingMessage } from "../../simulators/model/clearing.ts";
import type { Model } from "../../simulators/model/model.ts";
import { applyToModel } from "./operations.ts";
import type { ClearingDecision, RequestDecision, Subject } from "./subject.ts";

/** A second model in the place of the subject: what the harness itself is tested with. */
export function twinOf(model: Model): Subject {
  return {
    change: async (change, times) => {
      applyToModel(model, { kind: "change", change, ...times });
    },
    authorize: async (request) => authorized(model, request),
    advise: async (request) => advised(model, request),
    post: async (request) => posted(model, request),
    reverse: async (request) => reversed(model, request),
    clear: async (clearing) => cleared(model, clearing),
    settle: async (order) => model.settle(order),
    expire: async (order) => model.expire(order),
    purge: async (card, times) => {
      applyToModel(model, { kind: "purge", card, ...times });
    },
    readState: async ({ accounts, chains }) => ({
      accounts: new Map(accounts.map((account) => [account, model.program.account(account)])),
      openHolds: new Map(chains.map((chain) => [chain, model.openHolds(chain)])),
      reserved: new Map(chains.map((chain) => [chain, model.reserved(chain)])),
      counters: [...model.program.cards.values()].flatMap((card) => model.countersOf(card)),
    }),
    audit: async () => null,
    close: async () => {},
  };
}

const code = { authorizationCode: "000000" };

function place(isDuplicate: boolean) {
  return { shard: 0, journalNo: 1, isDuplicate };
}

function cleared(model: Model, clearing: ClearingMessage): ClearingDecision {
  const said = model.clear(clearing);
  if (said.outcome === "duplicate") return { ...said.first, isDuplicate: true };
  return said.outcome === "conflict" || said.outcome === "nothing" ? said : { ...said, isDuplicate: false };
}

function authorized(model: Model, request: AuthorizationRequest): RequestDecision {
  const opinion = model.authorize(request);
  const at = place(opinion.outcome === "duplicate");
  const said = opinion.outcome === "duplicate" ? opinion.first : opinion;
  switch (said.outcome) {
    case "approved":
      return { ...at, ...code, outcome: said.outcome, approvedAmount: said.approvedAmount, ...balancesOf(said) };
    case "partial":
      return { ...at, ...code, ...said, cardAmount: said.askedAmount };
    case "declined":
      return { ...at, outcome: said.outcome, check: said.check };
    case "pending":
      return { ...at, outcome: said.outcome };
    case "reversed_before":
      return { ...at, ...said };
    default:
      return said;
  }
}

function advised(model: Model, request: AdviceRequest): AdviceDecision {
  const said = model.advise(request);
  if (said.outcome === "duplicate") return { ...place(true), ...said.first };
  return said.outcome === "conflict" ? { outcome: said.outcome } : { ...place(false), ...said };
}

function posted(model: Model, request: FinancialRequest): FinancialDecision {
  const opinion = model.post(request);
  const at = place(opinion.outcome === "duplicate");
  const said = opinion.outcome === "duplicate" ? opinion.first : opinion;
  switch (said.outcome) {
    case "approved":
      return { ...at, ...code, outcome: said.outcome, approvedAmount: said.approvedAmount, ...balancesOf(said) };
    case "posted":
      return { ...at, ...code, outcome: said.outcome, approvedAmount: said.postedAmount, cardAmount: said.askedAmount };
    case "captured_hold":
    case "force_posted":
      return { ...at, ...code, outcome: said.outcome, approvedAmount: said.postedAmount };
    case "posted_before":
      return { ...at, outcome: "duplicate" };
    case "declined":
      return { ...at, outcome: said.outcome, check: said.check };
    case "reversed_before":
      return { ...at, outcome: said.outcome };
    case "exception":
      return { ...at, outcome: said.outcome };
    default:
      return { ...at, outcome: said.outcome };
  }
}

function balancesOf({ balances }: { readonly balances?: Balances }) {
  if (balances === undefined) return { availableAmount: null, ledgerAmount: null, balanceCurrency: null };
  return { ...balances, balanceCurrency: 840 };
}

function reversed(model: Model, request: ReversalRequest): ReversalDecision {
  const said = model.reverse(request);
  if (said.outcome === "duplicate") return { ...place(true), ...said.first };
  return said.outcome === "conflict" ? { outcome: said.outcome } : { ...place(false), ...said };
}
