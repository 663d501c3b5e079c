import { actionsDone, unlistedCodes } from "../../specs/action-codes.ts";
import type { FieldSource, ImportedDialect, MappedKind, MappedPart } from "../../specs/field-mapping.ts";
import type { DialectSpec } from "../../specs/dialect.ts";
import { currencies } from "../../specs/currencies.ts";
import { type Codec, type DecodeError, type Decoded, EncodeError, type Message } from "../iso8583/public.ts";
import { compile, dialects } from "../iso8583/public.ts";
import { currenciesByCode } from "../kernel/currency.ts";
import { echoedNumbers } from "./imported-echo.ts";
import { type FieldPair, fieldPairs } from "./imported-fields.ts";
import { fitted } from "./imported-values.ts";
import { responseType } from "./reply.ts";

const plain = compile(dialects["iso87-ascii"]);
const currencyByCode = currenciesByCode(currencies);

/** A message as it came, beside the same in plain ISO 8583:1987. */
interface Origin {
  readonly theirs: Message;
  readonly ours: Message;
}

type Fault = Omit<DecodeError, "partial">;

/**
 * Speaks an imported dialect on the wire and plain ISO 8583:1987 towards the switch, so that all of the switch's
 * meaning holds for any dialect. An answer takes from the bytes of its request what it carries over, and writes the rest
 * where the mapping says.
 *
 * An answer is told from a message of our own by DE11: it shares that element with its request.
 */
export class ImportedCodec {
  /** What stands on the wire. */
  readonly wire: Codec;
  readonly #dialect: ImportedDialect;
  readonly #pairs: readonly FieldPair[];
  readonly #echoed: Readonly<Record<MappedKind, readonly number[]>>;
  readonly #origins = new WeakMap<object, Origin>();

  constructor(spec: DialectSpec, dialect: ImportedDialect) {
    this.wire = compile(spec);
    this.#dialect = dialect;
    this.#pairs = fieldPairs(spec, dialect.mapping);
    this.#echoed = echoedNumbers(spec, dialect.mapping, this.#pairs);
  }

  /** As a codec of plain ISO 8583:1987. */
  asCodec(): Codec {
    return {
      ...plain,
      decode: (bytes) => this.#decode(bytes),
      encode: (message, headroom = 0) => this.wire.encode(this.#toTheirs(message), headroom),
    };
  }

  /** What the message as it came says of something that plain ISO 8583:1987 has no field for. */
  part(message: Message, name: MappedPart | null, path: string | null = null): string | undefined {
    const eleven = message.elements[11];
    const origin = eleven === undefined ? undefined : this.#origins.get(eleven);
    if (origin === undefined) return undefined;
    if (path !== null) return origin.theirs.get(path);
    return name === null ? undefined : this.#partOf(origin.theirs, name);
  }

  #decode(bytes: Uint8Array): Decoded {
    const decoded = this.wire.decode(bytes);
    if (!decoded.ok) {
      const { partial } = decoded.error;
      return {
        ok: false,
        error: { ...decoded.error, partial: partial === null ? null : this.#toOurs(partial, bytes, []) },
      };
    }
    const faults: Fault[] = [];
    const message = this.#toOurs(decoded.message, bytes, faults);
    const fault = faults[0] ?? this.#missing(decoded.message, bytes);
    if (fault !== null) return { ok: false, error: { ...fault, partial: message } };
    return { ok: true, message, consumed: decoded.consumed };
  }

  #toOurs(theirs: Message, bytes: Uint8Array, faults: Fault[]): Message {
    const ours = plain.create(plainType(theirs.mti), theirs.header);
    for (const pair of this.#pairs) {
      const value = valueOf(theirs, pair.source);
      if (value === undefined) continue;
      const known = pair.toOurs.get(value) ?? value;
      const meant = pair.plain.name.startsWith("Currency") ? currencyNumber(known) : known;
      if (trySet(ours, pair.plainPath, fitted(meant, pair.plain))) continue;
      // What was done in our place is never refused for the words in which it is told (rules: Holds).
      if (pair.name === "responseCode" && trySet(ours, pair.plainPath, unlistedCode(known))) continue;
      faults.push(misfit(theirs, bytes, pair));
    }
    const part = this.#addParts(theirs, ours);
    if (part !== null) faults.push(unreadablePart(theirs, bytes, this.#dialect.mapping.fields[part]));
    const eleven = ours.elements[11];
    if (eleven !== undefined) this.#origins.set(eleven, { theirs, ours });
    return ours;
  }

  /**
   *   | type 4 | STAN 6 | zeros 32 |        DE90
   *   | transaction 12 | zeros 30 |         DE95
   *
   * Answers with the part that does not fit: cut down it would name another message, or another amount.
   */
  #addParts(theirs: Message, ours: Message): MappedPart | null {
    const kind = kindOf(theirs.mti);
    if (kind !== "reversal" && kind !== "advice") return null;
    const stan = this.#partOf(theirs, "originalStan")?.trim() ?? "";
    if (stan !== "") {
      const type = this.#partOf(theirs, "originalType");
      const known = type === undefined ? "0000" : plainType(type.padStart(4, "0"));
      const number = digitsIn(stan, 6);
      if (number === null) return "originalStan";
      trySet(ours, "90", `${known}${number}${"0".repeat(32)}`);
    }
    const amount = kind === "reversal" ? this.#partOf(theirs, "replacementAmount") : undefined;
    if (amount === undefined) return null;
    const digits = digitsIn(amount, 12);
    if (digits === null) return "replacementAmount";
    trySet(ours, "95", `${digits}${"0".repeat(30)}`);
    return null;
  }

  #partOf(theirs: Message, name: MappedPart): string | undefined {
    const source = this.#dialect.mapping.fields[name];
    if (source === undefined || source === null) return undefined;
    const value = valueOf(theirs, source);
    const values = "path" in source ? source.values : undefined;
    if (value === undefined || values === undefined || !Object.hasOwn(values, value)) return withoutHex(value);
    return values[value];
  }

  /** The first field that the mapping demands and the message does not have. */
  #missing(theirs: Message, bytes: Uint8Array): Fault | null {
    for (const path of this.#dialect.mapping.mandatory[kindOf(theirs.mti)] ?? []) {
      if (theirs.has(path)) continue;
      const detail = { expected: "a field that the link demands", found: "nothing" };
      return { code: "length_out_of_range", path, offset: bytes.length, ...detail };
    }
    return null;
  }

  #toTheirs(ours: Message): Message {
    const eleven = ours.elements[11];
    const origin = eleven === undefined ? undefined : this.#origins.get(eleven);
    const { version } = this.#dialect.mapping;
    const mti = origin === undefined ? version + ours.mti.slice(1) : responseType(origin.theirs.mti);
    const theirs = this.wire.create(mti, ours.header);
    if (origin !== undefined) theirs.echo(origin.theirs, this.#echoed[kindOf(ours.mti)]);
    for (const pair of this.#pairs) {
      const { plainNumber, plainPath, written } = pair;
      const element = ours.elements[plainNumber];
      const isCarriedOver = origin !== undefined && element === origin.ours.elements[plainNumber];
      if (element === undefined || isCarriedOver || written === null) continue;
      const value = ours.get(plainPath) ?? "";
      // An answer without an amount that does not fit is of more use than none; codes were tried when the link opened.
      trySet(theirs, written.path, fitted(theirWord(pair, value), written.field));
    }
    return theirs;
  }
}

function theirWord({ otherwise, toTheirs }: FieldPair, value: string): string {
  return toTheirs.get(value) ?? otherwise ?? value;
}

/** A value that a mapping finds in a message; a slice of it is undefined where it is too short. */
function valueOf(message: Message, source: FieldSource): string | undefined {
  if ("value" in source) return source.value;
  const value = withoutHex(message.get(source.path), source.slice !== undefined);
  const { slice } = source;
  if (slice === undefined || value === undefined) return value;
  const text = value.slice(slice.from, slice.from + slice.length);
  return text.length === slice.length ? text : undefined;
}

function withoutHex(value: string | undefined, isWanted = true): string | undefined {
  return isWanted && value?.startsWith("hex:") === true ? value.slice("hex:".length) : value;
}

/** DE39 in our words, of a code for which the mapping has none. */
function unlistedCode(theirs: string): string {
  const { approvalDigit, codes } = actionsDone;
  const code = theirs.trimEnd();
  const isApproval = code.length === 3 && code.startsWith(approvalDigit);
  return isApproval || codes.some((done) => done === code) ? unlistedCodes.done : unlistedCodes.other;
}

/** A number as so many digits; null where it has more, or is none. */
function digitsIn(text: string, count: number): string | null {
  let start = 0;
  while (text.length - start > count && text.charAt(start) === "0") start++;
  if (text.length - start > count) return null;
  for (let i = start; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return null;
  }
  return text.slice(start).padStart(count, "0");
}

/** Three letters as the three digits of the same currency. */
function currencyNumber(value: string): string {
  const known = currencyByCode.get(value.toLowerCase());
  return known === undefined ? value : String(known.number).padStart(3, "0");
}

/** Whether the value fits: what does not is told by a throw, which only a peer's odd values cost us. */
function trySet(message: Message, path: string, value: string): boolean {
  try {
    message.set(path, value);
    return true;
  } catch (error) {
    if (error instanceof EncodeError) return false;
    throw error;
  }
}

function misfit(theirs: Message, bytes: Uint8Array, { source, plain: field }: FieldPair): Fault {
  const expected = `${field.name}, as ${field.content} of ${"length" in field ? field.length : `at most ${field.max}`}`;
  return contentFault(theirs, bytes, source, expected);
}

function unreadablePart(theirs: Message, bytes: Uint8Array, source: FieldSource | null | undefined): Fault {
  return contentFault(theirs, bytes, source ?? { value: "" }, "digits, and no more than there is room for");
}

function contentFault(theirs: Message, bytes: Uint8Array, source: FieldSource, expected: string): Fault {
  const path = "path" in source ? source.path : "";
  const offset = (theirs.bytes(path)?.byteOffset ?? bytes.byteOffset) - bytes.byteOffset;
  return { code: "content_invalid", path, offset, expected, found: "another form" };
}

/** Version 1987, and origins other than the acquirer's told as the acquirer's: 1804 is 0800. */
function plainType(mti: string): string {
  const origin = mti.charCodeAt(3) - 48;
  return `0${mti.slice(1, 3)}${origin & 1}`;
}

function kindOf(mti: string): MappedKind {
  const isAdvice = mti.charAt(2) === "2" || mti.charAt(2) === "3";
  switch (mti.charAt(1)) {
    case "1":
    case "2":
      return isAdvice ? "advice" : "authorization";
    case "4":
      return "reversal";
    case "8":
      return "management";
    default:
      return "other";
  }
}

/** Whether every code that an answer may have can be written; else the name of what cannot be. */
export function unwritable(spec: DialectSpec, dialect: ImportedDialect, codes: readonly string[]): string | null {
  const wire = compile(spec);
  const message = wire.create("0110");
  for (const pair of fieldPairs(spec, dialect.mapping)) {
    const { name, written } = pair;
    const samples = name === "responseCode" ? codes : name === "stan" ? ["000001"] : [];
    for (const sample of written === null ? [] : samples) {
      if (written !== null && trySet(message, written.path, fitted(theirWord(pair, sample), written.field))) continue;
      return `"mapping.${name}" cannot be written: ${sample} does not fit the field`;
    }
  }
  return null;
}
