import type { Place } from "../../kernel/ids.ts";
import type { Era } from "../../records/present-objects.ts";
import type { View } from "../view.ts";
import { type ShownCard, renderCard } from "./card-view.ts";

const eras = new WeakMap<Era, Map<number, ShownCard>>();
const cardsOfEraMax = 1_024;

/**
 * The card of an authorization: everybody is told the same one, until an object of its shard changes. It is never written
 * into.
 */
export function embeddedCard(view: View, place: Place): ShownCard | null {
  const era = view.asOf === null ? null : view.records.present.eraOf({ shard: place.shard, no: view.asOf });
  if (era === null) return renderCard({ ...view, expands: () => false }, place);
  const cards = cardsOf(era);
  const known = cards.get(place.no);
  if (known !== undefined) return known;
  const card = renderCard({ ...view, expands: () => false }, place);
  if (card === null) return null;
  if (cards.size >= cardsOfEraMax) cards.clear();
  cards.set(place.no, card);
  return card;
}

function cardsOf(era: Era): Map<number, ShownCard> {
  const known = eras.get(era);
  if (known !== undefined) return known;
  const cards = new Map<number, ShownCard>();
  eras.set(era, cards);
  return cards;
}
