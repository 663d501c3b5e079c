import { renderCardholder } from "./issuing/cardholder-view.ts";
import { renderCard } from "./issuing/card-view.ts";
import type { RenderedType, Renderer } from "./view.ts";

/** How each kind of object is told. */
export const renderers: Readonly<Partial<Record<RenderedType, Renderer>>> = {
  card: renderCard,
  cardholder: renderCardholder,
};
