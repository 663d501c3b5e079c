import { type VisitStep, merchantProfiles } from "../specs/merchant-profiles.ts";
import { pick, seededRandom } from "../src/kernel/random.ts";
import type { DayCard, DayExpectation, DayStep, VisitDayStep } from "./demo-steps.ts";
import { purchaseSteps } from "./demo-steps.ts";
import { drawSteps } from "./profile-plan.ts";
import type { NetworkName } from "./purchase.ts";

const whole = [100, 100] as const;
const ask: VisitStep = { afterMs: 0, send: "0100", percent: whole };
const again: VisitStep = { afterMs: 0, send: "0101", of: 0 };
const undo: VisitStep = { afterMs: 0, send: "0400", of: 0 };
const pump: VisitStep = { afterMs: 0, send: "0100", minor: 1_00n };
const pumped: VisitStep = { afterMs: 0, send: "0120", of: 0, percent: whole };
const more: VisitStep = { afterMs: 0, send: "0100", isIncrement: true, percent: [25, 25] };
const checkOut: VisitStep = { afterMs: 0, send: "0220", of: 0, percent: whole };
const check: VisitStep = { afterMs: 0, send: "0100", minor: 0n, service: "verification" };
const balance: VisitStep = { afterMs: 0, send: "0200", minor: 0n, service: "inquiry" };
const withdraw: VisitStep = { afterMs: 0, send: "0200", percent: whole, service: "cash" };
const half = [50, 50] as const;

type Visit = readonly [
  profile: VisitDayStep["profile"],
  amount: bigint,
  steps: readonly VisitStep[],
  expect: readonly DayExpectation[],
];

/** What every network has in common: each flow once, with the answer that it must have. */
const flows: readonly Visit[] = [
  ["fuel", 43_17n, [pump, pumped], ["approved", "completed"]],
  ["fuel", 0n, [pump, pumped], ["approved", "completed"]],
  ["restaurant", 60_00n, [ask, { ...checkOut, percent: [118, 118] }], ["approved", "captured_hold"]],
  ["hotel", 400_00n, [ask, more, more, checkOut], ["approved", "approved", "approved", "captured_hold"]],
  ["hotel", 200_00n, [ask, more, { ...undo, of: 1 }, undo], ["approved", "approved", "released", "released"]],
  ["ecommerce", 90_00n, [check, { ...ask }], ["approved", "approved"]],
  ["ecommerce", 120_00n, [ask, { ...undo, send: "0420", percent: half }, undo], ["approved", "lowered", "released"]],
  ["ecommerce", 35_00n, [{ ...ask, service: "refund" }], ["approved"]],
  ["ecommerce", 20_00n, [{ ...withdraw, service: "refund" }], ["posted"]],
  ["atm", 80_00n, [balance, withdraw], ["approved", "posted"]],
  [
    "atm",
    100_00n,
    [withdraw, { ...again, send: "0201" }, { ...undo, percent: half }, undo],
    ["posted", "duplicate:posted", "reposted", "reposted"],
  ],
  ["subscription", 9_99n, [check, ask], ["approved", "approved"]],
  ["abroad", 48_00n, [ask, { ...undo, percent: half }], ["approved", "lowered"]],
  ["abroad", 31_00n, [ask, { ...checkOut }], ["approved", "captured_hold"]],
  ["grocery", 25_00n, [ask, { ...pumped, standsIn: true }], ["approved", "merged"]],
  [
    "grocery",
    26_00n,
    [ask, { ...pumped, standsIn: true, answered: "05" }, again],
    ["approved", "released", "duplicate:approved"],
  ],
  ["restaurant", 27_00n, [{ afterMs: 0, send: "0120", percent: whole }], ["held"]],
  [
    "restaurant",
    28_00n,
    [
      { afterMs: 0, send: "0220", percent: whole },
      { ...undo, send: "0420" },
    ],
    ["force_posted", "reposted"],
  ],
];

const carriers = [
  ["visa", "crew-1"],
  ["mastercard", "crew-2"],
  ["generic", "crew-1"],
] as const satisfies readonly (readonly [NetworkName, DayCard])[];

const flowSteps: readonly DayStep[] = [
  ...carriers.flatMap(([link, card]) => flows.map((visit) => visitOf(link, card, visit))),
  // 160.00 in all, of which a part is taken where the whole is not there.
  visitOf("visa", "fair-1", ["grocery", 42_00n, [ask], ["approved"]]),
  visitOf("mastercard", "fair-2", [
    "grocery",
    150_00n,
    [ask, again, undo],
    ["partial", "duplicate:partial", "released"],
  ]),
  visitOf("visa", "fair-1", [
    "grocery",
    60_00n,
    [{ ...ask, service: "goods_and_cash", cashback: 20_00n }],
    ["approved"],
  ]),
  visitOf("visa", "fair-1", ["restaurant", 60_00n, [ask], ["declined:insufficient_funds"]]),
  // 58.00 are left, so the pump gets no more, and 12.00 of it are pumped.
  visitOf("mastercard", "fair-2", ["fuel", 12_00n, [pump, pumped], ["approved", "completed"]]),
  visitOf("visa", "fair-1", ["grocery", 50_00n, [{ ...ask, send: "0200" }], ["posted_in_part"]]),
  // Nobody refuses what was sold without asking.
  visitOf("visa", "fair-1", ["restaurant", 15_00n, [{ afterMs: 0, send: "0220", percent: whole }], ["force_posted"]]),
  // A pump that says nothing within two hours gives back what it held.
  visitOf("visa", "crew-1", ["fuel", 50_00n, [pump], ["approved"]]),
  { kind: "later", hours: 2 },
];

const busySeed = 20_261_122;
const busyVisits = 200;
const busyCards = [
  ["visa", "crew-1"],
  ["mastercard", "crew-2"],
  ["generic", "crew-1"],
  ["visa", "us-1"],
  ["mastercard", "us-4"],
  ["generic", "gb-1"],
  ["visa", "de-4"],
  ["mastercard", "gb-2"],
  ["mastercard", "us-6"],
] as const satisfies readonly (readonly [NetworkName, DayCard])[];
/** Of nine visits so many are made by whoever has enough; the rest runs into limits, controls and lost cards. */
const busyRich = 7;

/** Customers at merchants of every kind, drawn from one seed: every day is the same. What is right the model says. */
function busySteps(): DayStep[] {
  const random = seededRandom(busySeed);
  return Array.from({ length: busyVisits }, (): DayStep => {
    const isRich = random.integer(busyCards.length) < busyRich;
    const [link, card] = isRich ? pick(random, busyCards.slice(0, 3)) : pick(random, busyCards.slice(3));
    const profile = pick(random, merchantProfiles);
    const steps = drawSteps(profile, random);
    const [least, most] = profile.amounts;
    const amount = BigInt(least + random.integer(most - least + 1));
    return { kind: "visit", link, card, profile: profile.key, amount, steps, expect: null };
  });
}

/** The scripted day of `npm start`: what a purchase can meet, every other flow on every link, and a busy afternoon. */
export const demoSteps: readonly DayStep[] = [...purchaseSteps, ...flowSteps, ...busySteps()];

function visitOf(link: NetworkName, card: DayCard, [profile, amount, steps, expect]: Visit): DayStep {
  return { kind: "visit", link, card, profile, amount, steps, expect };
}
