import { expect } from "chai";
import fc from "fast-check";
import type { Content, FieldSpec, Shape, Tagged } from "../../specs/dialect.ts";
import {
  type DialectName,
  EncodeError,
  compile,
  describe as describeMessage,
  dialects,
  masked,
} from "../../src/iso8583/public.ts";
import { samples } from "./samples.ts";

const names = Object.keys(dialects) as DialectName[];
const decodeMsMax = 50;

for (const name of names) {
  const codec = compile(dialects[name]);

  describe(`iso8583/properties: ${name}`, () => {
    it("reads back whatever it writes, value for value and byte for byte", () =>
      fc.assert(
        fc.property(messages(name), (values) => {
          const bytes = codec.encode(codec.fromJSON(values));

          const result = codec.decode(bytes);

          if (!result.ok) return expect.fail(`${result.error.code} at ${result.error.path}`);
          const { header, ...json } = result.message.toJSON();
          const { header: given, ...expected } = values;
          expect(json).to.deep.equal(expected);
          expect(header?.slice(0, 10)).to.equal(given?.slice(0, 10));
          expect(Buffer.compare(codec.encode(result.message), bytes)).to.equal(0);
        }),
        { numRuns: 300 },
      ));

    it("answers any bytes with a message or a typed error, in bounded time", () =>
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => answers(name, bytes)),
        { numRuns: 2000 },
      ));

    it("answers any damage to a message with a message that writes its bytes again, or a typed error", () => {
      const sound = codec.encode(codec.fromJSON(samples[name]));

      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
          fc.nat(sound.length),
          (changes, length) => {
            const bytes = sound.slice(0, length % 4 === 0 ? length : sound.length);
            for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
            answers(name, bytes);
          },
        ),
        { numRuns: 2000 },
      );
    });

    it("throws nothing but EncodeError, whatever is set", () =>
      fc.assert(
        fc.property(fc.constantFrom(...paths(name)), fc.string({ unit: "binary", maxLength: 50 }), (path, value) => {
          const message = codec.create("0100");
          try {
            message.set(path, value);
          } catch (error) {
            expect(error).to.be.instanceOf(EncodeError);
            return;
          }
          expect(message.has(path)).to.equal(true);
        }),
        { numRuns: 1000 },
      ));
  });
}

/** Decoding, describing and masking hold for any bytes; what was read is written as it came. */
function answers(name: DialectName, bytes: Uint8Array): void {
  const codec = compile(dialects[name]);
  const start = process.cpuUsage();
  const result = codec.decode(bytes);
  expect(process.cpuUsage(start).user / 1000).to.be.below(decodeMsMax);
  describeMessage(bytes, dialects[name]);
  if (result.ok) {
    masked(result.message);
    expect(Buffer.compare(codec.encode(result.message), bytes)).to.equal(0);
    return;
  }
  const { error } = result;
  expect(error.offset).to.be.within(0, bytes.length);
  if (error.partial !== null) masked(error.partial);
}

/** Messages of random fields, each with a value of its class and length. */
function messages(name: DialectName): fc.Arbitrary<Record<string, string>> {
  // What has several layouts is typed by hand in the fixtures.
  const fields = Object.entries<FieldSpec>(dialects[name].fields).filter(
    ([, field]) => field.variants === undefined || field.shape !== undefined,
  );
  const start = name === "visa-style" ? { "0": "0100", header: samples["visa-style"].header } : { "0": "0100" };
  return fc
    .subarray(fields, { minLength: 1, maxLength: 12 })
    .chain((chosen) => fc.tuple(...chosen.map(([number, field]) => valuesOf(number, field))))
    .map((parts): Record<string, string> => Object.assign({ ...start }, ...parts));
}

function valuesOf(path: string, field: FieldSpec): fc.Arbitrary<Record<string, string>> {
  if (field.shape !== undefined) return partsOf(path, field.shape);
  const min = "length" in field ? field.length : (field.min ?? 0);
  const max = "length" in field ? field.length : Math.min(field.max, 60);
  return textOf(field.content, min, max).map((value) => ({ [path]: value }));
}

function partsOf(path: string, shape: Shape): fc.Arbitrary<Record<string, string>> {
  const merged = (list: readonly fc.Arbitrary<Record<string, string>>[]) =>
    fc.tuple(...list).map((parts): Record<string, string> => Object.assign({}, ...parts));
  switch (shape.kind) {
    case "positional": {
      // Counted in bytes, a field of digits ends only where a byte does.
      return merged(
        shape.parts.map((part, index) =>
          textOf(part.content, part.length, part.length).map((value) => ({ [`${path}.${index + 1}`]: value })),
        ),
      );
    }
    case "sequence":
      // Equal groups may be fewer; what is laid out part by part is there as a whole.
      return fc
        .integer({ min: new Set(shape.parts).size === 1 ? 1 : shape.parts.length, max: shape.parts.length })
        .chain((count) =>
          merged(shape.parts.slice(0, count).map((part, index) => valuesOf(`${path}.${index + 1}`, part))),
        );
    case "tagged":
      // Twelve fit the field, whatever their lengths.
      return fc
        .subarray(partsOfTagged(shape), { minLength: 1 })
        .map((parts) => parts.slice(0, 12))
        .chain((parts) => merged(parts.map(([key, part]) => valuesOf(`${path}.${key}`, part))));
    case "bitmapped":
      return fc
        .subarray(Object.entries(shape.parts), { minLength: 1 })
        .chain((parts) => merged(parts.map(([key, part]) => valuesOf(`${path}.${key}`, part))));
    case "ber-tlv":
      return tagsOf(path, ["9F26", "9F36", "82", "DF8101", "5F2A"]);
    case "datasets":
      return tagsOf(`${path}.57`, ["01", "02", "9C"]);
    default:
      throw new Error(`no values for ${shape.kind}`);
  }
}

/** Those that are listed; where none is, tags that nobody has described. */
function partsOfTagged({ parts, tagDigits }: Tagged): (readonly [string, FieldSpec])[] {
  const listed = Object.entries(parts);
  const unknown = { name: "Unknown", content: "any", encoding: "ascii", max: 40 } as const;
  return listed.length > 0 ? listed : ["1", "2"].map((tag) => [tag.padStart(tagDigits, "0"), unknown]);
}

function tagsOf(path: string, tags: readonly string[]): fc.Arbitrary<Record<string, string>> {
  return fc
    .subarray([...tags], { minLength: 1 })
    .chain((chosen) =>
      fc.tuple(...chosen.map((tag) => textOf("b", 0, 20).map((value) => ({ [`${path}.${tag}`]: value })))),
    )
    .map((parts): Record<string, string> => Object.assign({}, ...parts));
}

function textOf(content: Content, minLength: number, maxLength: number): fc.Arbitrary<string> {
  const digits = "0123456789";
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const of = (alphabet: string, min = minLength, max = maxLength) =>
    fc.string({ unit: fc.constantFrom(...alphabet.split("")), minLength: min, maxLength: max });
  switch (content) {
    case "n":
      return of(digits);
    case "a":
      return of(letters);
    case "an":
      return of(digits + letters);
    case "anp":
      return of(`${digits}${letters} `);
    case "ans":
    case "any":
      return of(`${digits}${letters} .,-/'&*#@[]!^|¢`.replace("¢", ""));
    case "z":
      return fc.tuple(of(digits, 12, 19), of(digits, 0, 17)).map(([pan, rest]) => `${pan}=${rest}`);
    case "x+n":
      return fc.tuple(fc.constantFrom("C", "D"), of(digits, minLength - 1, maxLength - 1)).map((pair) => pair.join(""));
    case "b":
      return fc.uint8Array({ minLength, maxLength }).map((bytes) => `hex:${Buffer.from(bytes).toString("hex")}`);
  }
}

function paths(name: DialectName): string[] {
  return Object.entries<FieldSpec>(dialects[name].fields).flatMap(([number, { shape }]) => {
    if (shape?.kind === "bitmapped" || shape?.kind === "tagged") {
      return [number, ...Object.keys(shape.parts).map((key) => `${number}.${key}`)];
    }
    return shape?.kind === "positional" ? [number, `${number}.1`, `${number}.4`] : [number, `${number}.9F26`];
  });
}
