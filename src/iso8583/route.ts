import { fromHexText } from "./octets.ts";
import { type Element, tagNumber } from "./element.ts";
import type { DialectPlan } from "./plan.ts";

/** One step of a path below a field: a number, a tag, or the n-th of equal tags ("9F06#2"). */
export interface Step {
  readonly key: string;
  /** The bytes that the key stands for in hexadecimal digits; null where it is none. */
  readonly octets: Uint8Array | null;
  /** The key as a BER tag; 0 where it is none. */
  readonly tag: number;
  /** 1 for the first. */
  readonly occurrence: number;
}

export interface Route {
  readonly number: number;
  readonly steps: readonly Step[];
}

// Paths come from our own code, so they are few; the limit is for programs that make them up.
const routesMax = 4096;
const stepsMax = 10;
const routes = new Map<string, Route | null>();

/** Where a path leads in a dialect, or null where the dialect has no such field. */
export function routeOf(plan: DialectPlan, path: string): Route | null {
  let route = routes.get(path);
  if (route === undefined) {
    route = parseRoute(path);
    if (routes.size < routesMax) routes.set(path, route);
  }
  return route !== null && plan.fields[route.number] !== undefined ? route : null;
}

/** A path as a number and steps, or null where it is none. */
export function parseRoute(path: string): Route | null {
  const [first = "", ...rest] = path.split(".");
  if (!/^[1-9]\d{0,2}$/.test(first) || rest.length > stepsMax) return null;
  const steps: Step[] = [];
  for (const text of rest) {
    const match = /^([0-9A-Za-z]{1,8})(?:#([1-9]\d{0,3}))?$/.exec(text);
    if (match === null) return null;
    const key = match[1] ?? "";
    const octets = fromHexText(key);
    const tag = octets === null ? 0 : tagNumber(octets, 0, octets.length);
    steps.push({ key, octets, tag, occurrence: Number(match[2] ?? "1") });
  }
  return { number: Number(first), steps };
}

export function isNamed(part: Element, step: Step): boolean {
  return part.tag === 0 ? part.plan.key === step.key : part.tag === step.tag;
}
