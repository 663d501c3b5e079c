import type { DatedRate } from "../src/kernel/conversion.ts";
import type { CurrencyCode } from "./currencies.ts";

interface Rate extends DatedRate {
  readonly from: CurrencyCode;
  readonly to: CurrencyCode;
}

/**
 * Rates for messages that bring an amount in a foreign currency and no billing amount (rules: Holds). They are
 * invented round numbers for a simulator, all from one set of values of the euro, and hold since before any business
 * day that a program is likely to be moved to. A currency that is not here cannot be billed without DE6.
 */
export const conversionRates = [
  { from: "eur", to: "usd", day: "2020-01-01", rate: "61100000" },
  { from: "eur", to: "gbp", day: "2020-01-01", rate: "78600000" },
  { from: "usd", to: "eur", day: "2020-01-01", rate: "79090909" },
  { from: "usd", to: "gbp", day: "2020-01-01", rate: "77818182" },
  { from: "gbp", to: "usd", day: "2020-01-01", rate: "61279070" },
  { from: "gbp", to: "eur", day: "2020-01-01", rate: "61162791" },
  { from: "chf", to: "usd", day: "2020-01-01", rate: "61157895" },
  { from: "chf", to: "eur", day: "2020-01-01", rate: "61052632" },
  { from: "chf", to: "gbp", day: "2020-01-01", rate: "79052632" },
  { from: "jpy", to: "usd", day: "2020-01-01", rate: "96875000" },
  { from: "jpy", to: "eur", day: "2020-01-01", rate: "96250000" },
  { from: "jpy", to: "gbp", day: "2020-01-01", rate: "95375000" },
  { from: "cad", to: "usd", day: "2020-01-01", rate: "77284768" },
  { from: "cad", to: "eur", day: "2020-01-01", rate: "76622517" },
  { from: "cad", to: "gbp", day: "2020-01-01", rate: "75695364" },
  { from: "aud", to: "usd", day: "2020-01-01", rate: "76547619" },
  { from: "aud", to: "eur", day: "2020-01-01", rate: "75952381" },
  { from: "aud", to: "gbp", day: "2020-01-01", rate: "75119048" },
  { from: "sek", to: "usd", day: "2020-01-01", rate: "89691630" },
  { from: "sek", to: "eur", day: "2020-01-01", rate: "88810573" },
  { from: "sek", to: "gbp", day: "2020-01-01", rate: "87577093" },
  { from: "nok", to: "usd", day: "2020-01-01", rate: "89361702" },
  { from: "nok", to: "eur", day: "2020-01-01", rate: "88510638" },
  { from: "nok", to: "gbp", day: "2020-01-01", rate: "87319149" },
  { from: "dkk", to: "usd", day: "2020-01-01", rate: "71474531" },
  { from: "dkk", to: "eur", day: "2020-01-01", rate: "71340483" },
  { from: "dkk", to: "gbp", day: "2020-01-01", rate: "71152815" },
  { from: "pln", to: "usd", day: "2020-01-01", rate: "72570093" },
  { from: "pln", to: "eur", day: "2020-01-01", rate: "72336449" },
  { from: "pln", to: "gbp", day: "2020-01-01", rate: "72009346" },
  { from: "czk", to: "usd", day: "2020-01-01", rate: "84391218" },
  { from: "czk", to: "eur", day: "2020-01-01", rate: "83992016" },
  { from: "czk", to: "gbp", day: "2020-01-01", rate: "83433134" },
  { from: "mxn", to: "usd", day: "2020-01-01", rate: "85339806" },
  { from: "mxn", to: "eur", day: "2020-01-01", rate: "84854369" },
  { from: "mxn", to: "gbp", day: "2020-01-01", rate: "84174757" },
  { from: "kwd", to: "usd", day: "2020-01-01", rate: "63254438" },
  { from: "kwd", to: "eur", day: "2020-01-01", rate: "62958580" },
  { from: "kwd", to: "gbp", day: "2020-01-01", rate: "62544379" },
] as const satisfies readonly Rate[];
