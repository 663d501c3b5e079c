import { readFileSync } from "node:fs";
import {
  type ForcedCondition,
  type ForcedOutcome,
  type ForcedRule,
  forcedMerchants,
  forcedOutcomeLimits,
} from "../../specs/forced-outcomes.ts";
import { requestResponses } from "../../specs/response-codes.ts";
import { type Result, fail, ok } from "../kernel/result.ts";

/** What a file forces, and behind it what forced merchants do; no file forces nothing else; "strict" nothing at all. */
export function forcedRulesOf(file: string | null): Result<readonly ForcedRule[], string> {
  if (file === "strict") return ok([]);
  if (file === null) return ok(forcedMerchants);
  const rules = readForcedOutcomesFile(file);
  return rules.ok ? ok([...rules.value, ...forcedMerchants]) : rules;
}

/**
 * Reads forced outcomes from a JSON file, a list of
 *   {"when": {"pan": digits, "amount": minor units, "merchant": DE42}, "outcome": {"response": "51"} | {"delay": ms} |
 *    "drop" | "half_reply" | "duplicate"}
 * where `when` has one of the three or more. The error is one line that names the file, the rule and what is wrong.
 */
export function readForcedOutcomesFile(path: string): Result<readonly ForcedRule[], string> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return fail(`${path} cannot be read as forced outcomes: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(json)) return fail(`${path} has to be a list of forced outcomes`);
  const { rulesMax } = forcedOutcomeLimits;
  if (json.length > rulesMax) return fail(`${path} has ${json.length} forced outcomes; ${rulesMax} are the most`);
  const rules: ForcedRule[] = [];
  for (const [index, item] of json.entries()) {
    const rule = toRule(item);
    if (!rule.ok) return fail(`${path}, forced outcome ${index + 1}: ${rule.error}`);
    rules.push(rule.value);
  }
  return ok(rules);
}

type Fields = Readonly<Record<string, unknown>>;

function toRule(item: unknown): Result<ForcedRule, string> {
  if (!isFields(item)) return fail('it has to be {"when": …, "outcome": …}');
  const foreign = Object.keys(item).find((name) => name !== "when" && name !== "outcome");
  if (foreign !== undefined) return fail(`there is no field "${foreign}"`);
  const when = toCondition(item["when"]);
  if (!when.ok) return when;
  const outcome = toOutcome(item["outcome"]);
  return outcome.ok ? ok({ when: when.value, outcome: outcome.value }) : outcome;
}

function toCondition(item: unknown): Result<ForcedCondition, string> {
  if (!isFields(item) || Object.keys(item).length === 0)
    return fail('"when" has to name a pan, an amount or a merchant');
  const { pan, amount, merchant, ...others } = item;
  const foreign = Object.keys(others)[0];
  if (foreign !== undefined) return fail(`"when" knows no "${foreign}"`);
  if (pan !== undefined && (typeof pan !== "string" || !/^\d{12,19}$/.test(pan)))
    return fail('"pan" is 12 to 19 digits');
  if (amount !== undefined && !(isWhole(amount) && amount < 1e12))
    return fail('"amount" is a whole number of minor units');
  if (merchant !== undefined && (typeof merchant !== "string" || !/^\S(.{0,13}\S)?$/.test(merchant)))
    return fail('"merchant" is 1 to 15 characters');
  return ok({
    ...(pan === undefined ? {} : { pan }),
    ...(amount === undefined ? {} : { amount }),
    ...(merchant === undefined ? {} : { merchant }),
  });
}

function toOutcome(item: unknown): Result<ForcedOutcome, string> {
  if (item === "drop" || item === "half_reply" || item === "duplicate") return ok({ kind: item });
  if (isFields(item) && Object.keys(item).length === 1) {
    const { response: responseCode, delay: ms } = item;
    if (typeof responseCode === "string") return toResponse(responseCode);
    if (isWhole(ms) && ms > 0 && ms <= forcedOutcomeLimits.delayMsMax) return ok({ kind: "delay", ms });
  }
  const most = forcedOutcomeLimits.delayMsMax;
  return fail(
    `"outcome" is {"response": two characters}, {"delay": 1 to ${most}}, "drop", "half_reply" or "duplicate"`,
  );
}

const { approved, approved_in_part, approved_without_cashback, account_verified } = requestResponses;
const approvals = [approved, approved_in_part, approved_without_cashback, account_verified].flatMap((codes) =>
  Object.values(codes),
);
// Mastercard-style 08 and visa-style 11 approve as well.
const otherApprovals: readonly string[] = ["08", "11"];

function toResponse(responseCode: string): Result<ForcedOutcome, string> {
  if (!/^[0-9A-Z]{2}$/.test(responseCode)) return fail('"response" is two digits or capital letters');
  if (approvals.some((code) => code === responseCode) || otherApprovals.includes(responseCode))
    return fail(`${responseCode} approves, and an approval that nobody decided would hold no money: force a decline`);
  return ok({ kind: "response", responseCode });
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
