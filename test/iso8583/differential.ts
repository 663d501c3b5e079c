import type { DialectSpec } from "../../specs/dialect.ts";
import { type DecodeFault, compile } from "../../src/iso8583/public.ts";
import { type Random, seededRandom } from "../../src/kernel/random.ts";
import { randomMessage } from "./slow/random-message.ts";
import { decodeSlowly } from "./slow/slow-decoder.ts";

/** What two decoders say of the same bytes, where they do not say the same. */
export interface Difference {
  readonly dialect: string;
  readonly hex: string;
  readonly codec: string;
  readonly slow: string;
}

export interface Comparison {
  readonly sound: number;
  readonly refused: number;
  readonly difference: Difference | null;
}

/** Messages of a dialect by chance, half of them damaged, read by the codec and by the slow decoder. */
export function compareDecoders(spec: DialectSpec, seed: number, count: number): Comparison {
  const random = seededRandom(seed);
  let sound = 0;
  for (let i = 0; i < count; i++) {
    const whole = randomMessage(random, spec);
    const bytes = i % 2 === 0 ? whole : damaged(random, whole);
    const difference = differenceOf(spec, bytes);
    if (difference !== null) return { sound, refused: i - sound, difference };
    if (compile(spec).decode(bytes).ok) sound++;
  }
  return { sound, refused: count - sound, difference: null };
}

/** Null where both refuse the bytes, or both read the same values out of them. `slowSpec` is what the slow one reads by. */
export function differenceOf(spec: DialectSpec, bytes: Uint8Array, slowSpec: DialectSpec = spec): Difference | null {
  const slow = decodeSlowly(slowSpec, bytes);
  const fast = compile(spec).decode(bytes);
  const said = fast.ok ? ordered(fast.message.toJSON()) : "not sound";
  const expected = slow.ok ? ordered(slow.values) : "not sound";
  if (said === expected) return null;
  const codec = fast.ok ? said : told(fast.error);
  return { dialect: spec.name, hex: Buffer.from(bytes).toString("hex"), codec, slow: slow.ok ? expected : slow.why };
}

function told({ code, path, offset, expected, found }: DecodeFault): string {
  return `${code} at ${path}, byte ${offset}: expected ${expected}, found ${found}`;
}

function ordered(values: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function damaged(random: Random, whole: Uint8Array): Uint8Array {
  const kind = random.integer(8);
  if (kind === 0) return whole.slice(0, random.integer(whole.length + 1));
  if (kind === 1) return Uint8Array.of(...whole, ...random.bytes(1 + random.integer(3)));
  const bytes = whole.slice();
  const changes = 1 + random.integer(2);
  for (let i = 0; i < changes; i++) {
    const at = random.integer(bytes.length);
    bytes[at] = random.integer(2) === 0 ? random.integer(256) : (bytes[at] ?? 0) ^ (1 << random.integer(8));
  }
  return bytes;
}
