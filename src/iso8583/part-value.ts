import type { Element } from "./element.ts";
import { type Step, isNamed } from "./route.ts";

/** The value of a part below a field, or undefined where it is absent or could not be read. */
export function partValue(element: Element, steps: readonly Step[]): string | undefined {
  let current = element;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (step === undefined) return undefined;
    if (current.plan.shape !== null && current.plan.shape.positions !== null) {
      return i === steps.length - 1 && !current.isFaulty ? positionValue(current, step) : undefined;
    }
    const part = partOf(current, step);
    if (part === undefined) return undefined;
    current = part;
  }
  return current.isFaulty ? undefined : current.value;
}

function positionValue(element: Element, step: Step): string | undefined {
  const part = element.plan.shape?.positions?.[Number(step.key) - 1];
  if (part === undefined || part.offset >= element.units) return undefined;
  return element.value.substring(part.offset, part.offset + part.length);
}

/** The part that a step of a path names; the n-th of equal tags. */
export function partOf(element: Element, step: Step): Element | undefined {
  if (element.parts === null) return undefined;
  let left = step.occurrence;
  for (const part of element.parts) {
    if (isNamed(part, step) && --left === 0) return part;
  }
  return undefined;
}
