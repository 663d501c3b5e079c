import type { Condition } from "../../specs/dialect.ts";
import type { Element } from "./element.ts";
import type { VariantPlan } from "./plan.ts";
import type { Reader } from "./reader.ts";
import { type Step, parseRoute } from "./route.ts";
import { partValue } from "./part-value.ts";

type Test = VariantPlan["isMet"];

/** The condition of a variant as a function. */
export function planCondition(condition: Condition): Test {
  switch (condition.test) {
    case "first-byte":
      return (_reader, span) => isFirstByteWithin(span, condition.from, condition.to);
    case "length":
      return (_reader, span) => span !== null && span.units >= condition.from && span.units <= condition.to;
    case "mti":
      return (reader) => condition.values.some((start) => reader.mti.startsWith(start));
    case "field":
      return fieldTest(condition.path, condition.values);
    case "all": {
      const tests = condition.of.map(planCondition);
      return (reader, span) => tests.every((test) => test(reader, span));
    }
    case "not": {
      const test = planCondition(condition.of);
      return (reader, span) => !test(reader, span);
    }
  }
}

function isFirstByteWithin(span: Element | null, from: number, to: number): boolean {
  if (span === null || span.from >= span.to) return false;
  const byte = span.source.bytes[span.from] ?? -1;
  return byte >= from && byte <= to;
}

function fieldTest(path: string, values: readonly string[] | undefined): Test {
  const route = parseRoute(path);
  if (route === null) return () => false;
  return (reader) => {
    const value = valueAt(reader, route.number, route.steps);
    return value !== undefined && (values === undefined || values.some((start) => value.startsWith(start)));
  };
}

function valueAt(reader: Reader, number: number, steps: readonly Step[]): string | undefined {
  const element = reader.elements[number];
  if (element === undefined) return undefined;
  return steps.length === 0 ? (element.isFaulty ? undefined : element.value) : partValue(element, steps);
}
