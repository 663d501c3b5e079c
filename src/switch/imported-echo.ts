import type { DialectSpec } from "../../specs/dialect.ts";
import { type FieldMapping, type MappedKind, mappedFields } from "../../specs/field-mapping.ts";
import { messageFields } from "../../specs/message-fields.ts";
import type { FieldPair } from "./imported-fields.ts";

const mappedNumbers: ReadonlySet<number> = new Set(Object.values(mappedFields).map(Number));

/** Fields that an answer carries over: those of the mapping, else those of the generic link where the dialect has them. */
export function echoedNumbers(
  spec: DialectSpec,
  mapping: FieldMapping,
  pairs: readonly FieldPair[],
): Readonly<Record<MappedKind, readonly number[]>> {
  const usual = messageFields.generic;
  const numbers = (kind: MappedKind): readonly number[] =>
    mapping.echo[kind] ?? movedNumbers(spec, mapping, pairs, usual[kind].echoed);
  return {
    authorization: numbers("authorization"),
    advice: numbers("advice"),
    reversal: numbers("reversal"),
    management: numbers("management"),
    other: numbers("other"),
  };
}

/** Numbers of plain ISO 8583:1987 as the numbers of the same fields here, and the field of the chain's name. */
function movedNumbers(
  spec: DialectSpec,
  mapping: FieldMapping,
  pairs: readonly FieldPair[],
  plainNumbers: readonly number[],
): number[] {
  const numbers = new Set<number>();
  for (const plainNumber of plainNumbers) {
    const pair = pairs.find((one) => one.plainNumber === plainNumber);
    if (pair !== undefined && "path" in pair.source) numbers.add(Number.parseInt(pair.source.path, 10));
    // What no mapping speaks of has its own number here.
    if (pair === undefined && !mappedNumbers.has(plainNumber)) numbers.add(plainNumber);
  }
  const chain = mapping.fields.networkChain;
  if (chain !== undefined && chain !== null && "path" in chain) numbers.add(Number.parseInt(chain.path, 10));
  return [...numbers].filter((number) => spec.fields[number] !== undefined).toSorted((a, b) => a - b);
}
