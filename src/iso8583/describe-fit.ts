import type { DialectSpec, HeaderSpec } from "../../specs/dialect.ts";
import { behindHeader, changesEverywhere, changesOfField } from "./describe-changes.ts";
import { doubtsOf } from "./describe-doubts.ts";
import { type FoundFrame, framesAround } from "./describe-frame.ts";
import { type DescribedPart, type Description, describe } from "./describe.ts";
import { compile } from "./dialect.ts";
import type { Framing } from "./framing.ts";
import { hexText } from "./octets.ts";

/** Bytes read as a message of a dialect, in a frame or not. */
export interface Fit {
  readonly spec: DialectSpec;
  /** In what these bytes differ from the dialect as it is named: "behind a header of 22 bytes"; "" where in nothing. */
  readonly change: string;
  readonly framing: Framing | null;
  /** Offsets count from the first byte that was given, frame included. */
  readonly description: Description;
  /** Fields that could be read, bitmaps and type not counted. */
  readonly fields: number;
  /** What was read soundly and cannot be meant. */
  readonly doubts: readonly string[];
  readonly points: number;
}

interface Candidate {
  readonly spec: DialectSpec;
  readonly change: string;
  /** Points that the change costs: the less is changed, the better. */
  readonly cost: number;
}

/** The reading of the bytes by one of these dialects that says most, whatever frame and header they stand in. */
export function bestFit(bytes: Uint8Array, specs: readonly DialectSpec[], frames = framesOf(bytes)): Fit {
  const candidates = specs.flatMap(behindHeaders);
  return bestOf(candidates.flatMap((candidate) => frames.map((frame) => fitOf(bytes, candidate, frame))));
}

/** The reading by a dialect as it is; in the frame that suits it best where nobody has named one. */
export function fitAs(bytes: Uint8Array, spec: DialectSpec, frames = framesOf(bytes)): Fit {
  return bestOf(frames.map((frame) => fitOf(bytes, { spec, change: "", cost: 0 }, frame)));
}

/**
 * A reading that fits better than the one that was asked for, or null. Other dialects come first, then the same one with
 * one thing changed: a header, the bitmaps, an alphabet, or one of the last fields before its fault.
 */
export function betterFit(bytes: Uint8Array, asked: Fit, known: readonly DialectSpec[]): Fit | null {
  if (asked.description.isSound && asked.doubts.length === 0) return null;
  const frames = framesOf(bytes);
  const other = bestFit(bytes, [...known, asked.spec], frames);
  const changed = bestOf([other, ...changedFits(bytes, asked, frames)]);
  return changed.points >= asked.points + pointsWorthTelling ? changed : null;
}

/** Less than this is chance: two fields more that happen to be of their class. */
const pointsWorthTelling = 12;
const fieldsBeforeFault = 4;

function changedFits(bytes: Uint8Array, asked: Fit, frames: readonly (FoundFrame | null)[]): Fit[] {
  const { spec } = asked;
  const near = fieldsBefore(asked).flatMap((number) => changesOfField(spec, number));
  const all = [...changesEverywhere(spec), ...near];
  return all.flatMap(({ spec: other, change, reach }) => {
    const candidate = { spec: other, change: `with ${change}`, cost: reach === "everywhere" ? 9 : 6 };
    return frames.map((frame) => fitOf(bytes, candidate, frame));
  });
}

/** The field that cannot be read, and the last ones before it: a wrong length shows where the next field begins. */
function fieldsBefore({ description }: Fit): number[] {
  const { error, parts } = description;
  const read = parts.map(({ path }) => Number.parseInt(path, 10)).filter((number) => number > 1);
  const faulty = Number.parseInt(error?.path ?? "", 10);
  const numbers = new Set([...(faulty > 1 ? [faulty] : []), ...read.reverse()]);
  const upTo = [...numbers].filter((number) => !(faulty > 1) || number <= faulty);
  return upTo.slice(0, fieldsBeforeFault + 1);
}

/** A dialect behind its own header, and behind each of those that others have in its place. */
function behindHeaders(spec: DialectSpec): Candidate[] {
  const own: Candidate = { spec, change: "", cost: 0 };
  const others = otherHeaders.filter(({ header }) => header !== spec.header);
  return [own, ...others.map(({ header, change }) => ({ spec: behindHeader(spec, header), change, cost: 3 }))];
}

const otherHeaders: readonly { readonly header: HeaderSpec; readonly change: string }[] = [
  { header: "none", change: "without a header" },
  { header: "base-22", change: "behind a header of 22 bytes" },
  { header: "tpdu", change: "behind a TPDU" },
  { header: { kind: "skipped", bytes: 12 }, change: "behind a header of 12 bytes" },
];

function framesOf(bytes: Uint8Array): (FoundFrame | null)[] {
  return [null, ...framesAround(bytes)];
}

function fitOf(bytes: Uint8Array, { spec, change, cost }: Candidate, frame: FoundFrame | null): Fit {
  const message = frame === null ? bytes : bytes.subarray(frame.from, frame.to);
  const description = describe(message, spec);
  const decoded = compile(spec).decode(message);
  const read = decoded.ok ? decoded.message : decoded.error.partial;
  const doubts = read === null ? [] : doubtsOf(read);
  const fields =
    read === null ? 0 : read.elements.filter((element) => element !== undefined && !element.isFaulty).length;
  const offset = description.error?.offset ?? message.length;
  // A sound reading outweighs everything; then how far it goes, how much it says, and how little was changed for it.
  const reach = message.length === 0 ? 0 : Math.round((40 * offset) / message.length);
  const unknown = read?.unknown.count ?? 0;
  const points =
    (decoded.ok ? 200 : 0) + reach + 2 * fields - 25 * doubts.length - 2 * unknown - cost - (frame === null ? 0 : 1);
  return {
    spec,
    change,
    framing: frame?.framing ?? null,
    description: placed(bytes, description, frame),
    fields,
    doubts,
    points,
  };
}

function bestOf(fits: readonly Fit[]): Fit {
  return fits.reduce((best, fit) => (fit.points > best.points ? fit : best));
}

/** The description with offsets in all of the bytes, and the frame as parts of its own. */
function placed(bytes: Uint8Array, description: Description, frame: FoundFrame | null): Description {
  if (frame === null) return description;
  const { from, to, framing } = frame;
  const shift = (part: DescribedPart): DescribedPart => ({ ...part, from: part.from + from, to: part.to + from });
  const around = (start: number, end: number, value: string): DescribedPart[] =>
    start === end
      ? []
      : [{ path: "frame", name: "Frame", from: start, to: end, raw: hexText(bytes, start, end), value }];
  const parts = [
    ...around(0, from, `${framing.name}, ${to - from} bytes`),
    ...description.parts.map(shift),
    ...around(to, bytes.length, "end of the frame"),
  ];
  const faults = description.faults.map((fault) => ({ ...fault, offset: fault.offset + from }));
  return { ...description, parts, faults, error: faults[0] ?? null };
}
