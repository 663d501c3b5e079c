import { conditionsWithoutCard, presenceByEntryMode } from "../../specs/card-presence.ts";
import type { CardPresence } from "../authorizer/request.ts";
import type { Message } from "../iso8583/public.ts";

const byEntryMode: ReadonlyMap<string, CardPresence> = new Map(Object.entries(presenceByEntryMode));
const withoutCard: ReadonlySet<string> = new Set(conditionsWithoutCard);

/** From DE25 and DE22. What says nothing counts as not present. */
export function presenceByCodes(message: Message): CardPresence {
  const condition = message.get("25");
  if (condition !== undefined && withoutCard.has(condition)) return "not_present";
  return byEntryMode.get(message.get("22")?.slice(0, 2) ?? "") ?? "not_present";
}
