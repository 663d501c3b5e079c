import type { DemoAccountKey, DemoCardKey, DemoSpendingLimit } from "../../specs/demo-program.ts";
import type { ProgramHooks } from "../../simulators/program-hooks.ts";
import type { CarriedCard } from "../../simulators/purchase.ts";
import { must } from "../kernel/assert.ts";
import { wirePan } from "../kernel/pan.ts";
import type { Place } from "../kernel/ids.ts";
import { setAccountEnabled } from "../resources/accounts/accounts.ts";
import { type CardBody, replaceCard, updateCard } from "../resources/issuing/cards.ts";
import { type Program, readObject } from "../resources/program.ts";
import type { SeededCard, SeededProgram } from "../seed.ts";

export interface DemoHooksParts {
  readonly program: () => Program;
  readonly seeded: SeededProgram;
  readonly advance: (ms: number) => Promise<void>;
}

/** What the demo's day changes at the issuer, as the API would change it. */
export function demoHooks({ program, seeded, advance }: DemoHooksParts): ProgramHooks {
  const cardPlace = (key: DemoCardKey): Place => must(seeded.cards.get(key), `demo card ${key}`).place;
  return {
    businessNow: () => program().clock.businessNow(),
    setAccountEnabled: (key: DemoAccountKey, isEnabled) =>
      setAccountEnabled(program(), must(seeded.accounts.get(key), `demo account ${key}`), isEnabled),
    setCardStatus: (key, status) => updateCard(program(), cardPlace(key), { status }),
    addCardLimit: (key, limit) => addLimit(program(), cardPlace(key), limit),
    replaceLostCard: (key) => replaceLost(program(), cardPlace(key)),
    advanceClock: advance,
  };
}

/** The cards of a seeded program as their holders carry them. */
export function carriedCards(cards: ReadonlyMap<DemoCardKey, SeededCard>): ReadonlyMap<DemoCardKey, CarriedCard> {
  return new Map(Array.from(cards, ([key, { pan, expiry }]) => [key, { pan: wirePan(pan), expiry }]));
}

async function addLimit(program: Program, place: Place, limit: DemoSpendingLimit): Promise<void> {
  const { body } = await readObject<CardBody>(program, "card", place);
  const { amount, interval, categories } = limit;
  const added = { amount: Number(amount), interval, categories: categories.length === 0 ? null : categories };
  const spending_limits = [...(body.spending_controls.spending_limits ?? []), added];
  await updateCard(program, place, { spending_controls: { ...body.spending_controls, spending_limits } });
}

const replacementYears = 4;

async function replaceLost(program: Program, place: Place): Promise<CarriedCard> {
  await updateCard(program, place, { status: "canceled", cancellation_reason: "lost" });
  const { body } = await readObject<CardBody>(program, "card", place);
  const expYear = body.exp_year + replacementYears;
  const { pan } = await replaceCard(program, place, {
    reason: "lost",
    expMonth: body.exp_month,
    expYear,
    status: "active",
  });
  const expiry = `${String(expYear % 100).padStart(2, "0")}${String(body.exp_month).padStart(2, "0")}`;
  return { pan, expiry };
}
