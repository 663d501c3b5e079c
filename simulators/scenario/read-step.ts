import type { NetworkName, Service } from "../purchase.ts";
import type { AnswerWish, MoneyMti, Place, ProgramChange, ScenarioStep, SendStep, Text } from "./scenario.ts";
import type { YamlReader } from "./yaml-reader.ts";

const mtis = [
  "0100",
  "0101",
  "0120",
  "0121",
  "0200",
  "0201",
  "0220",
  "0221",
  "0400",
  "0401",
  "0420",
  "0421",
] as const satisfies readonly MoneyMti[];
const networks = ["visa", "mastercard", "generic"] as const satisfies readonly NetworkName[];
const services = [
  "goods",
  "goods_and_cash",
  "cash",
  "refund",
  "verification",
  "inquiry",
] as const satisfies readonly Service[];

const sendKeys = [
  "as",
  "of",
  "adds_to",
  "card",
  "merchant",
  "link",
  "amount",
  "cashback",
  "service",
  "partial",
  "estimate",
  "leaves",
  "answered",
  "stands_in",
  "set",
  "judged",
  "within",
  "expect",
] as const;

const usualWaitMs = 3_000;
const silenceMs = 2_000;
const waitMsMax = 30_000;

type Keys = ReadonlyMap<string, YamlReader>;

/** Each kind of step is named by its first key. */
const readers: Readonly<Record<ScenarioStep["kind"], (step: YamlReader) => ScenarioStep>> = {
  send: (step) => readSend(step),
  plan: (step) => ({ kind: "plan", ...placeOf(step), send: readSend(step, "plan") }),
  together: (step) => {
    const keys = step.entries(["together"]);
    return {
      kind: "together",
      ...placeOf(step),
      sends: need(keys, "together", step)
        .items()
        .map((item) => readSend(item)),
    };
  },
  outage: (step) => {
    const keys = step.entries(["outage", "sends"]);
    const link = need(keys, "outage", step).oneOf(networks);
    return {
      kind: "outage",
      ...placeOf(step),
      link,
      sends: need(keys, "sends", step)
        .items()
        .map((item) => readSend(item)),
    };
  },
  balance: (step) => {
    const keys = step.entries(["balance", "available", "held", "holds"]);
    return {
      kind: "balance",
      ...placeOf(step),
      card: need(keys, "balance", step).text(),
      available: keys.get("available")?.text() ?? null,
      held: keys.get("held")?.text() ?? null,
      holds:
        keys
          .get("holds")
          ?.items()
          .map((item) => item.text()) ?? null,
    };
  },
  clock: (step) => {
    const span = need(step.entries(["clock"]), "clock", step);
    const text = span.matching(/^\+(\d{1,5}[smhdw])+$/, "a span such as +31d or +2h");
    return { kind: "clock", ...placeOf(step), span: text.slice(1) };
  },
  wait: (step) => ({ kind: "wait", ...placeOf(step), ms: spanOf(need(step.entries(["wait"]), "wait", step)) }),
  change: (step) => {
    const keys = step.entries(["change", "status", "account"]);
    const card = need(keys, "change", step).text();
    return { kind: "change", ...placeOf(step), card, change: changeOf(step, keys) };
  },
  manage: (step) => {
    const keys = step.entries(["manage", "code", "expect"]);
    return {
      kind: "manage",
      ...placeOf(step),
      link: need(keys, "manage", step).oneOf(networks),
      code: need(keys, "code", step).matching(/^\d{3}$/, "three digits of DE70"),
      answer: keys.get("expect")?.matching(/^[0-9A-Z]{2}$/, "two characters of DE39") ?? "00",
    };
  },
  verify: (step) => {
    need(step.entries(["verify"]), "verify", step).oneOf(["holds"]);
    return { kind: "verify", ...placeOf(step) };
  },
};

export function readStep(step: YamlReader): ScenarioStep {
  const [first] = step.entries(null).keys();
  const kind = Object.keys(readers).find((name): name is ScenarioStep["kind"] => name === first);
  if (kind === undefined)
    return step.fault(`begins with "${first ?? ""}"; a step is ${Object.keys(readers).join(", ")}`);
  return readers[kind](step);
}

function readSend(step: YamlReader, name: "send" | "plan" = "send"): SendStep {
  const keys = step.entries([name, ...sendKeys]);
  const mti = need(keys, name, step).oneOf(mtis);
  if (name === "plan") need(keys, "as", step);
  const isNew = keys.get("of") === undefined;
  if (isNew) need(keys, "amount", step);
  // What adds to a chain is bought with its card, where it began.
  if (isNew && keys.get("adds_to") === undefined) for (const key of ["card", "merchant"]) need(keys, key, step);
  const expect = keys.get("expect");
  const wish = expect === undefined ? null : wishOf(expect);
  return {
    kind: "send",
    ...placeOf(step),
    mti,
    as: keys.get("as")?.text().text ?? null,
    of: keys.get("of")?.text() ?? null,
    addsTo: keys.get("adds_to")?.text() ?? null,
    card: keys.get("card")?.text() ?? null,
    merchant: keys.get("merchant")?.text() ?? null,
    link: keys.get("link")?.oneOf(networks) ?? null,
    amount: keys.get("amount")?.text() ?? null,
    cashback: keys.get("cashback")?.text() ?? null,
    service: keys.get("service")?.oneOf(services) ?? null,
    takesPartial: keys.get("partial")?.truth() ?? null,
    isEstimate: keys.get("estimate")?.truth() ?? null,
    leaves: keys.get("leaves")?.text() ?? null,
    answered: keys.get("answered")?.text() ?? null,
    standsIn: keys.get("stands_in")?.truth() ?? false,
    set: valuesIn(keys.get("set")),
    isJudged: keys.get("judged")?.truth() ?? true,
    withinMs: withinOf(keys.get("within"), wish),
    expect: wish,
  };
}

/** `expect: 00` is DE39 alone; with more to say it has keys. */
function wishOf(expect: YamlReader): AnswerWish {
  const nothing = { code: null, amount: null, fields: [], sameAs: null, isSilent: false };
  if (!expect.isMap) return { ...nothing, ...placeOf(expect), code: expect.text() };
  const keys = expect.entries(["code", "amount", "fields", "same_as", "silence"]);
  return {
    ...placeOf(expect),
    code: keys.get("code")?.text() ?? null,
    amount: keys.get("amount")?.text() ?? null,
    fields: valuesIn(keys.get("fields")),
    sameAs: keys.get("same_as")?.text() ?? null,
    isSilent: keys.get("silence")?.truth() ?? false,
  };
}

function withinOf(within: YamlReader | undefined, wish: AnswerWish | null): number {
  if (within !== undefined) return spanOf(within);
  return wish?.isSilent === true ? silenceMs : usualWaitMs;
}

function valuesIn(map: YamlReader | undefined): { path: string; value: Text }[] {
  if (map === undefined) return [];
  return Array.from(map.entries(null), ([path, value]) => ({ path, value: value.text() }));
}

function changeOf(step: YamlReader, keys: Keys): ProgramChange {
  const status = keys.get("status");
  const account = keys.get("account");
  if (status !== undefined) return { kind: "card", status: status.oneOf(["active", "inactive", "canceled"]) };
  if (account === undefined) return step.fault('needs "status" of the card or "account"');
  return { kind: "account", isEnabled: account.oneOf(["enabled", "disabled"]) === "enabled" };
}

function spanOf(span: YamlReader): number {
  const text = span.matching(/^\d{1,5}(ms|s)$/, "a time such as 200ms or 2s");
  const ms = text.endsWith("ms") ? Number(text.slice(0, -2)) : Number(text.slice(0, -1)) * 1_000;
  return ms <= waitMsMax ? ms : span.fault(`is more than the ${waitMsMax} ms that a step may take`);
}

function need(keys: Keys, name: string, step: YamlReader): YamlReader {
  return keys.get(name) ?? step.fault(`needs "${name}"`);
}

function placeOf({ line, path }: Place): Place {
  return { line, path };
}
