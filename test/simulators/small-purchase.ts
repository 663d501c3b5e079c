import { must } from "../../src/kernel/assert.ts";
import { countriesByAlpha2 } from "../../src/kernel/country.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { type Acceptor, type Purchase, plainGoods } from "../../simulators/purchase.ts";
import { TraceNumbers } from "../../simulators/trace-numbers.ts";
import { countries } from "../../specs/countries.ts";

/** 2026-11-22 15:30:45 UTC. */
export const startMs = Date.UTC(2026, 10, 22, 15, 30, 45);

const byAlpha2 = countriesByAlpha2(countries);
const unitedStates = must(byAlpha2.get("US"), "a country of the table");

export const grocer: Acceptor = {
  institution: "400551",
  acquirerCountry: unitedStates,
  name: "GREENBRIAR GROCERS",
  city: "PORTLAND",
  state: "OR",
  country: unitedStates,
  currency: 840,
  categoryCode: "5411",
  terminal: "GRB00017",
  merchantId: "GREENBRIAR00017",
};

const numbers = new TraceNumbers(7);

/** 25.00 dollars at a grocer's, by chip; every one with numbers of its own. */
export function purchaseOf(change: Partial<Purchase> = {}): Purchase {
  return {
    network: "generic",
    card: { pan: wirePan("4000008400000018"), expiry: "2911" },
    acceptor: grocer,
    amount: minor(2_500n),
    billing: null,
    entry: "chip",
    asks: plainGoods,
    trace: numbers.next(),
    startedMs: startMs,
    ...change,
  };
}
