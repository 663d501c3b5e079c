import type { AuthorizationDecision, ReversalDecision } from "../../src/authorizer/decision.ts";
import type { AuthorizationRequest, ReversalRequest } from "../../src/authorizer/request.ts";
import type {
  AuthorizationAnswer,
  AuthorizationOpinion,
  Model,
  ReversalOpinion,
} from "../../simulators/model/model.ts";
import { applyToModel } from "./operations.ts";
import type { Subject } from "./subject.ts";

const place = { shard: 0, journalNo: 1, isDuplicate: false };

/** A second model in the place of the subject: what the harness itself is tested with. */
export function twinOf(model: Model): Subject {
  return {
    change: async (change, times) => {
      applyToModel(model, { kind: "change", change, ...times });
    },
    authorize: async (request: AuthorizationRequest) => authorizationDecision(model.authorize(request)),
    reverse: async (request: ReversalRequest) => reversalDecision(model.reverse(request)),
    purge: async (card, times) => {
      applyToModel(model, { kind: "purge", card, ...times });
    },
    readState: async ({ accounts, chains }) => ({
      accounts: new Map(accounts.map((account) => [account, model.program.account(account)])),
      openHolds: new Map(chains.map((chain) => [chain, model.openHolds(chain)])),
      counters: [...model.program.cards.values()].flatMap((card) => model.countersOf(card)),
    }),
    audit: async () => null,
    close: async () => {},
  };
}

function authorizationDecision(said: AuthorizationOpinion): AuthorizationDecision {
  if (said.outcome === "duplicate") return storedDecision(said.first, true);
  if (said.outcome === "approved" || said.outcome === "declined" || said.outcome === "reversed_before") {
    return storedDecision(said, false);
  }
  return { outcome: said.outcome };
}

function storedDecision(said: AuthorizationAnswer, isDuplicate: boolean): AuthorizationDecision {
  if (said.outcome === "approved") return { ...place, ...said, isDuplicate, authorizationCode: "000000" };
  return { ...place, ...said, isDuplicate };
}

function reversalDecision(said: ReversalOpinion): ReversalDecision {
  if (said.outcome === "duplicate") return { ...place, ...said.first, isDuplicate: true };
  if (said.outcome === "conflict") return { outcome: said.outcome };
  return said.outcome === "unknown_pan" ? { ...place, outcome: said.outcome } : { ...place, ...said };
}
