import { ApiError } from "../api-error.ts";
import type { CardBody } from "./cards.ts";

export type CardStatus = CardBody["status"];
export type CardEvent = "activate" | "deactivate" | "cancel";

/** What a card can be told to become. Canceled is final. */
export const cardTransitions = {
  inactive: { activate: "active", deactivate: "inactive", cancel: "canceled" },
  active: { activate: "active", deactivate: "inactive", cancel: "canceled" },
  canceled: {},
} as const satisfies Readonly<Record<CardStatus, Readonly<Partial<Record<CardEvent, CardStatus>>>>>;

const eventsByStatus = { active: "activate", inactive: "deactivate", canceled: "cancel" } as const;

/** The status that a request wants, where the card can come to it. Throws `invalid_state`. */
export function statusAfter(before: CardStatus, wanted: CardStatus): CardStatus {
  const next: Readonly<Partial<Record<CardEvent, CardStatus>>> = cardTransitions[before];
  const status = next[eventsByStatus[wanted]];
  if (status !== undefined) return status;
  throw new ApiError("invalid_state", `This card is ${before}: its status cannot be changed any more.`, "status");
}
