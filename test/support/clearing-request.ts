import type { AskAnswer } from "../../src/authorizer/resolve.ts";
import type { ClearingRequest } from "../../src/authorizer/clearing.ts";
import { hash64 } from "../../src/authorizer/identity.ts";
import { must } from "../../src/kernel/assert.ts";
import { minor } from "../../src/kernel/money.ts";
import type { DueHold } from "../../src/store/expire.ts";
import type { ClearingMessage } from "../../simulators/model/clearing.ts";
import type { SettlingOrder } from "../../simulators/model/model.ts";
import type { HeldCard } from "./run-program.ts";

type NotedHold = Pick<DueHold, "holdNo" | "holdKey">;

/** A clearing of the model as the authorizer takes it. `noted`: the entry of the authorization that it names. */
export function clearingRequest(
  clearing: ClearingMessage,
  { account, cardholder, chain, place }: HeldCard,
  noted: NotedHold | undefined,
): ClearingRequest {
  const { amount, authorization, isFinal, kind } = clearing;
  const named = authorization === null ? null : must(noted, "an authorization of the run");
  return {
    card: { shard: chain.shard, account: account.place.no, chain: chain.no, card: place.no, cardholder },
    currency: account.currency.number,
    kind,
    amount,
    isFinal,
    authorization:
      named === null ? null : { no: named.holdNo, holdKey: named.holdKey, mcc: Number(authorization?.mcc) },
    postingKey: hash64(clearing.key),
    fingerprint: hash64(clearing.fingerprint),
    network: "visa",
    door: "api",
    stan: "000001",
    acquirer: "",
    rrn: "",
    networkChain: "",
    transactionAmount: amount,
    transactionCurrency: account.currency.number,
    rate: 0,
    merchant: { terminal: "TERM0001", id: "SHOP", nameLocation: "SHOP" },
    mcc: Number(clearing.mcc),
    merchantCountry: 840,
    isPresent: true,
    cashbackAmount: minor(0n),
    authorizationCode: 0,
    settlementDate: "",
    details: "",
  };
}

export function verdictOf(verdict: SettlingOrder["verdict"]): AskAnswer {
  if ("check" in verdict) return { reason: verdict.check, amount: null, details: "" };
  return { reason: "webhook_approved", amount: verdict.approvedAmount, details: "" };
}
