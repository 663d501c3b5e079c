import { expectation, faultyByte, foundByte } from "./content.ts";
import type { Reading } from "./decode.ts";
import type { Element } from "./element.ts";
import type { DecodeFault } from "./faults.ts";

/** The fault of a reading, and behind it every other field or part whose content is not of its class. */
export function faultsOf({ fault, elements, source }: Reading): readonly DecodeFault[] {
  if (fault === null) return [];
  const faults = [fault];
  for (const element of elements) {
    if (element !== undefined) addFaults(faults, element, element.plan.path, source.bytes);
  }
  return faults;
}

function addFaults(faults: DecodeFault[], element: Element, path: string, bytes: Uint8Array): void {
  const { plan } = element;
  // Parts behind hexadecimal characters have bytes of their own: their first fault is told by the field.
  if (!element.isFaulty || element.source.bytes !== bytes) return;
  for (const part of element.parts ?? []) addFaults(faults, part, `${path}.${part.key}`, bytes);
  const isTold = faults.some((fault) => fault.path === path || fault.path.startsWith(`${path}.`));
  const offset = isTold ? -1 : faultyByte(plan, bytes, element);
  if (offset < 0) return;
  const found = foundByte(plan, bytes, offset);
  faults.push({ code: "content_invalid", path, offset, expected: expectation(plan), found });
}
