import { type LimitInterval, limitIntervals } from "../../specs/limits.ts";
import { type MerchantCategory, merchantCategories } from "../../specs/merchant-categories.ts";
import { type Result, fail, ok } from "../../src/kernel/result.ts";
import { readStep } from "./read-step.ts";
import type { CardWish, LimitWish, Scenario } from "./scenario.ts";
import { ScenarioFault, type YamlReader, readYaml } from "./yaml-reader.ts";

/** A scenario from YAML. The error is one line: file, line, key, and what should be there. */
export function readScenario(file: string, text: string): Result<Scenario, string> {
  const root = readYaml(file, text);
  if (!root.ok) return root;
  try {
    return ok(scenarioOf(file, root.value));
  } catch (error) {
    if (error instanceof ScenarioFault) return fail(error.message);
    throw error;
  }
}

function scenarioOf(file: string, root: YamlReader): Scenario {
  const keys = root.entries(["scenario", "variables", "cards", "steps"]);
  const title = keys.get("scenario")?.text().text ?? root.fault('needs "scenario": a sentence that says what it shows');
  const steps = keys.get("steps")?.items() ?? root.fault('needs "steps"');
  if (steps.length === 0) root.fault('needs at least one of "steps"');
  const variables = new Map<string, string>();
  for (const [name, value] of keys.get("variables")?.entries(null) ?? []) variables.set(name, value.text().text);
  const cards = new Map<string, CardWish>();
  for (const [name, card] of keys.get("cards")?.entries(null) ?? []) cards.set(name, cardOf(name, card));
  return { file, title, variables, cards, steps: steps.map(readStep) };
}

const majorAmount = /^\d{1,12}(\.\d{1,3})?$/;

function cardOf(name: string, card: YamlReader): CardWish {
  const keys = card.entries([
    "account",
    "network",
    "currency",
    "funds",
    "partial",
    "status",
    "program",
    "limits",
    "blocked",
  ]);
  return {
    account: keys.get("account")?.text().text ?? name,
    network: keys.get("network")?.oneOf(["visa", "mastercard"]) ?? "visa",
    currency: keys.get("currency")?.oneOf(["usd", "eur", "gbp"]) ?? "usd",
    funds: keys.get("funds")?.matching(majorAmount, "an amount such as 250.00") ?? "1000.00",
    takesPartial: keys.get("partial")?.truth() ?? false,
    status: keys.get("status")?.oneOf(["active", "inactive"]) ?? "active",
    program: keys.get("program")?.oneOf(["standard", "load"]) ?? "standard",
    limits: (keys.get("limits")?.items() ?? []).map(limitOf),
    blockedCategories: (keys.get("blocked")?.items() ?? []).map(categoryOf),
  };
}

function limitOf(limit: YamlReader): LimitWish {
  const keys = limit.entries(["amount", "interval"]);
  return {
    amount: keys.get("amount")?.matching(majorAmount, "an amount such as 250.00") ?? limit.fault('needs "amount"'),
    interval: intervalOf(keys.get("interval") ?? limit.fault('needs "interval"')),
  };
}

function intervalOf(interval: YamlReader): LimitInterval {
  const { text } = interval.text();
  const names = Object.keys(limitIntervals);
  const isInterval = (name: string): name is LimitInterval => names.includes(name);
  return isInterval(text) ? text : interval.fault(`is "${text}"; it has to be one of ${names.join(", ")}`);
}

function categoryOf(category: YamlReader): MerchantCategory {
  const { text } = category.text();
  const isCategory = (name: string): name is MerchantCategory => name in merchantCategories.codes;
  return isCategory(text) ? text : category.fault(`is "${text}", which is no merchant category`);
}
