import { readFileSync } from "node:fs";
import { currencies } from "../specs/currencies.ts";
import { currenciesByCode } from "../src/kernel/currency.ts";
import { parsePan } from "../src/kernel/pan.ts";
import { secureRandom } from "../src/kernel/random.ts";
import { type Result, fail, ok } from "../src/kernel/result.ts";
import {
  type Pace,
  type TrafficCard,
  type TrafficMix,
  type TrafficSettings,
  orderKinds,
  usualTraffic,
} from "./traffic-settings.ts";

const codedCurrencies = currenciesByCode(currencies);
const runsMax = 36 ** 3;

/**
 * Traffic settings from JSON: any of TrafficSettings' names, the rest as usual. Cards stand in a file that
 * `cardsPath` names: a header line, then `pan,expiry,network,currency`, and optionally a category code that the card
 * blocks and the most that one authorization may be in minor units. The error says what to change.
 */
export function readTrafficSettings(text: string): Result<TrafficSettings, string> {
  const json = parseObject(text);
  if (json === null) return fail("the settings are not a JSON object");
  const reader = new SettingsReader(json);
  const cards = readCards(reader.text("cardsPath", ""));
  if (!cards.ok) return cards;
  const settings: TrafficSettings = {
    network: reader.oneOf("network", ["visa", "mastercard", "generic"], usualTraffic.network),
    host: reader.text("host", usualTraffic.host),
    port: reader.number("port", usualTraffic.port),
    connections: Math.max(reader.number("connections", usualTraffic.connections), 1),
    connectMs: reader.number("connectMs", usualTraffic.connectMs),
    signOn: reader.oneOf("signOn", ["by-us", "none"], usualTraffic.signOn),
    seed: reader.number("seed", usualTraffic.seed),
    run: reader.number("run", secureRandom.integer(runsMax)),
    pace: paceOf(reader),
    messages: reader.optionalNumber("messages", usualTraffic.messages),
    seconds: reader.optionalNumber("seconds", reader.has("messages") ? null : usualTraffic.seconds),
    mix: mixOf(reader),
    cards: cards.value,
    zipfExponent: reader.number("zipfExponent", usualTraffic.zipfExponent),
    amountMin: reader.number("amountMin", usualTraffic.amountMin),
    amountMax: reader.number("amountMax", usualTraffic.amountMax),
    entry: reader.oneOf("entry", ["chip", "stripe", "ecommerce"], usualTraffic.entry),
    timeoutMs: reader.number("timeoutMs", usualTraffic.timeoutMs),
    retransmits: reader.truth("retransmits", usualTraffic.retransmits),
    settleMs: reader.number("settleMs", usualTraffic.settleMs),
    splitsFrames: reader.truth("splitsFrames", usualTraffic.splitsFrames),
    naps: reader.truth("naps", usualTraffic.naps),
    journalPath: reader.has("journalPath") ? reader.text("journalPath", "") : null,
  };
  if (settings.messages === null && settings.seconds === null) return fail("messages or seconds says when to stop");
  return reader.fault === null ? ok(settings) : fail(reader.fault);
}

function paceOf(reader: SettingsReader): Pace {
  const inFlight = reader.optionalNumber("inFlight", null);
  if (inFlight !== null) return { kind: "closed", inFlight };
  return { kind: "open", perSecond: reader.number("perSecond", usualTraffic.pace.perSecond) };
}

function mixOf(reader: SettingsReader): TrafficMix {
  const given = reader.object("mix");
  if (given === null) return usualTraffic.mix;
  const shares = new SettingsReader(given);
  const mix: Record<string, number> = {};
  for (const kind of orderKinds) mix[kind] = shares.number(kind, 0);
  const sum = Object.values(mix).reduce((total, share) => total + share, 0);
  if (sum !== 10_000) reader.fault ??= "the shares of mix do not add up to 10,000";
  reader.fault ??= shares.fault;
  const share = (kind: (typeof orderKinds)[number]): number => mix[kind] ?? 0;
  return {
    approve: share("approve"),
    insufficient_funds: share("insufficient_funds"),
    blocked_category: share("blocked_category"),
    over_limit: share("over_limit"),
    duplicate: share("duplicate"),
    reversal: share("reversal"),
  };
}

function readCards(path: string): Result<TrafficCard[], string> {
  if (path === "") return fail("cardsPath names no file of cards");
  const [, ...rows] = readFileSync(path, "utf8").trimEnd().split(/\r?\n/);
  const cards: TrafficCard[] = [];
  for (const [index, row] of rows.entries()) {
    const [panText = "", expiry = "", , code = "", blocked = "", limit = ""] = row.split(",");
    const pan = parsePan(panText);
    const currency = codedCurrencies.get(code);
    // The row is not quoted: it may hold a PAN.
    if (pan === null || currency === undefined || expiry.length !== 4)
      return fail(`line ${index + 2} of ${path} is no card`);
    cards.push({
      key: `card-${index + 1}`,
      pan,
      expiry,
      currency: currency.number,
      blockedCategory: blocked === "" ? null : blocked,
      limitEach: limit === "" ? null : Number(limit),
    });
  }
  return cards.length === 0 ? fail(`${path} holds no cards`) : ok(cards);
}

type Json = Readonly<Record<string, unknown>>;

/** Typed access to JSON; keeps the first fault. */
class SettingsReader {
  fault: string | null = null;
  readonly #json: Json;

  constructor(json: Json) {
    this.#json = json;
  }

  has(name: string): boolean {
    return this.#json[name] !== undefined && this.#json[name] !== null;
  }

  number(name: string, usual: number): number {
    return this.optionalNumber(name, usual) ?? usual;
  }

  optionalNumber<U extends number | null>(name: string, usual: U): number | U {
    const value = this.#json[name];
    if (!this.has(name)) return usual;
    if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
    return this.#wrong(name, "a number of zero or more", usual);
  }

  text(name: string, usual: string): string {
    const value = this.#json[name];
    if (!this.has(name)) return usual;
    return typeof value === "string" ? value : this.#wrong(name, "a text", usual);
  }

  truth(name: string, usual: boolean): boolean {
    const value = this.#json[name];
    if (!this.has(name)) return usual;
    return typeof value === "boolean" ? value : this.#wrong(name, "true or false", usual);
  }

  oneOf<T extends string>(name: string, values: readonly T[], usual: T): T {
    if (!this.has(name)) return usual;
    return values.find((value) => value === this.#json[name]) ?? this.#wrong(name, values.join(" or "), usual);
  }

  object(name: string): Json | null {
    const value = this.#json[name];
    if (!this.has(name)) return null;
    return isObject(value) ? value : this.#wrong(name, "an object", null);
  }

  #wrong<T>(name: string, expected: string, usual: T): T {
    this.fault ??= `${name} is not ${expected}`;
    return usual;
  }
}

function parseObject(text: string): Json | null {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
