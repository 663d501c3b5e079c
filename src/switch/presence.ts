import { entryModes } from "../../specs/entry-modes.ts";
import {
  cardPresences,
  cardholderPresences,
  pointOfServiceConditions,
} from "../../specs/point-of-service-conditions.ts";
import type { CardPresence } from "../authorizer/request.ts";
import type { Message } from "../iso8583/public.ts";

const byEntryMode: ReadonlyMap<string, CardPresence> = new Map(
  Object.entries(entryModes).map(([code, { presence }]) => [code, presence]),
);
const byCondition: ReadonlyMap<string, CardPresence | null> = new Map(
  Object.entries(pointOfServiceConditions).map(([code, { presence }]) => [code, presence]),
);
const byCardPresence: ReadonlyMap<string, CardPresence> = new Map(Object.entries(cardPresences));
const byCardholderPresence: ReadonlyMap<string, CardPresence | null> = new Map(
  Object.entries(cardholderPresences).map(([code, { presence }]) => [code, presence]),
);

/** From DE61.5, else DE61.4, else the codes. */
export function presenceByPosData(message: Message): CardPresence {
  const told = byCardPresence.get(message.get("61.5") ?? "") ?? byCardholderPresence.get(message.get("61.4") ?? "");
  return told ?? presenceByCodes(message);
}

/** From DE25 and DE22. What says nothing counts as not present. */
export function presenceByCodes(message: Message): CardPresence {
  const told = byCondition.get(message.get("25") ?? "") ?? null;
  return told ?? byEntryMode.get(message.get("22")?.slice(0, 2) ?? "") ?? "not_present";
}
