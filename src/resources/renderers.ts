import type { RenderedType, Renderer } from "./view.ts";

/** How each kind of object is told. */
export const renderers: Readonly<Partial<Record<RenderedType, Renderer>>> = {};
