import type { DemoCardKey } from "../specs/demo-program.ts";
import { assert } from "../src/kernel/assert.ts";
import type { DayStep } from "./demo-steps.ts";
import type { DemoWallets } from "./demo-purchases.ts";
import { expireDueHolds } from "./due-holds.ts";
import { modelLimit } from "./known-program.ts";
import type { Model } from "./model/model.ts";
import type { Cancellation } from "./opinion.ts";
import type { Moment } from "./opinion-facts.ts";
import type { ProgramHooks } from "./program-hooks.ts";

/** A step that changes the program, or the time, instead of sending a message. */
export type ChangeStep = Extract<DayStep, { kind: "account" | "activate" | "limit" | "lost" | "later" }>;

export interface ChangeParts {
  readonly hooks: ProgramHooks;
  readonly model: Model;
  readonly wallets: DemoWallets;
  /** How each canceled card ended, by PAN. */
  readonly cancellations: Map<string, Cancellation>;
  readonly now: () => Moment;
  readonly note: (text: string) => void;
}

const hourMs = 3_600_000;

/** Changes the program at the issuer and in the model alike. */
export async function applyChange(step: ChangeStep, parts: ChangeParts): Promise<void> {
  const { hooks, note } = parts;
  const { program } = parts.model;
  switch (step.kind) {
    case "account":
      note(`account ${step.account} is ${step.isEnabled ? "enabled again" : "disabled"}`);
      program.account(step.account).isEnabled = step.isEnabled;
      return hooks.setAccountEnabled(step.account, step.isEnabled);
    case "activate":
      note(`card ${step.card} is activated`);
      program.setCardStatus(step.card, "active");
      return hooks.setCardStatus(step.card, "active");
    case "limit": {
      note(`card ${step.card} gets a ${step.limit.interval} limit`);
      const card = program.card(step.card);
      card.controls = { ...card.controls, limits: [...card.controls.limits, modelLimit(step.limit)] };
      return hooks.addCardLimit(step.card, step.limit);
    }
    case "lost":
      return replace(step.card, parts);
    case "later":
      note(step.hours === 24 ? "the next day" : `${step.hours} hours later`);
      await hooks.advanceClock(step.hours * hourMs);
      return expireDueHolds(parts.model, parts.now());
  }
}

async function replace(lost: DemoCardKey, { cancellations, hooks, model, note, wallets }: ChangeParts): Promise<void> {
  const { program } = model;
  const { pan: lostPan, cardholder, controls, program: type } = program.card(lost);
  note(`card ${lost} is lost and replaced`);
  const replacement = await hooks.replaceLostCard(lost);
  assert(replacement.pan !== lostPan, "the replacement of a lost card has a PAN of its own");
  program.setCardStatus(lost, "canceled");
  cancellations.set(lostPan, "lost");
  const card = `${lost}-replacement` as const;
  program.addCard({
    ...replacement,
    card,
    cardholder: cardholder.cardholder,
    status: "active",
    controls,
    program: type,
    replacement: { of: lost, reason: "lost" },
  });
  wallets.cards.set(card, replacement);
}
