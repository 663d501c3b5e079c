import { type Random, pick } from "../../src/kernel/random.ts";
import { damaged } from "../resources/contract/fuzzed-bodies.ts";
import { type LikelyRequest, type Pair, oddText } from "./likely-requests.ts";

/** A request as it goes over the wire. */
export interface SentRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly contentType: string | null;
  readonly body: string | null;
}

/** One in four goes as it was meant, so that there is always something that later ones can be about. */
export function mutatedRequest(random: Random, request: LikelyRequest): SentRequest {
  if (random.integer(4) === 0) return onWire(request, textOf(request.pairs));
  const pairs = [...request.pairs];
  for (let count = 1 + random.integer(2); count > 0; count--) mutate(random, pairs);
  const text = textOf(pairs);
  const sent = onWire(request, random.integer(6) === 0 ? damaged(random, text) : text);
  return sent.body !== null && random.integer(40) === 0 ? { ...sent, contentType: pick(random, contentTypes) } : sent;
}

function mutate(random: Random, pairs: Pair[]): void {
  const at = random.integer(pairs.length + 1);
  const pair = pairs[at];
  if (pair === undefined) pairs.push(pick(random, strangers));
  else pairs.splice(at, 1, ...pick(random, mutations)(random, pair));
}

const mutations: readonly ((random: Random, pair: Pair) => readonly Pair[])[] = [
  () => [],
  (random, pair) => [pair, [pair[0], oddText(random)]],
  (random, [name, value]) => [[name.slice(0, 1 + random.integer(name.length)), value]],
  (_, [name, value]) => [[`${name}x`, value]],
  (random, [name]) => [[name, oddText(random)]],
  (random, [name]) => [[name, pick(random, ["1.5", "-5", "9007199254740993", "NaN", "0x10", "1e400", "true"])]],
  (random, [name]) => [[name, "ü".repeat(pick(random, [26, 501, 1_200, 6_000]))]],
  (_, [name, value]) => [[`${name}[a]`, value]],
  (random, [name, value]) => [[`${name}${"[b]".repeat(1 + random.integer(30))}`, value]],
  (random, [name, value]) => [[name.replace(/\[\d+\]/, pick(random, ["[]", "[7]", "[99999999]", "[-1]"])), value]],
  (_, [name, value]) => [
    [name, value],
    [`${name}[]`, value],
  ],
  (random, [name]) => [[name, pick(random, ["\u202e\u0000\ufffd", "🂡".repeat(300), "'; --", "${x}", "../.."])]],
];

const strangers: readonly Pair[] = [
  ["x", "1"],
  ["expand[]", "cardholder"],
  ["expand[]", "data.card.cardholder.requirements"],
  ["expand[0][a]", "number"],
  ["__proto__[a]", "1"],
  ["metadata[__proto__]", "1"],
  ["metadata", ""],
  ["metadata[k]", "v"],
  ["limit", "0"],
  ["", ""],
  ["[", "]"],
];

const contentTypes = ["application/json", "text/plain", "multipart/form-data; boundary=b", "multipart/form-data", ";"];

function textOf(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

function onWire({ method, path }: LikelyRequest, text: string): SentRequest {
  if (method === "POST") return { method, path, contentType: "application/x-www-form-urlencoded", body: text };
  return { method, path: text === "" ? path : `${path}?${printable(text)}`, contentType: null, body: null };
}

/** A request line holds what is printable in ASCII and no space. */
function printable(text: string): string {
  return text.replaceAll(/[^!-~]|#/gu, (letter) =>
    [...Buffer.from(letter)].map((octet) => `%${octet.toString(16).padStart(2, "0")}`).join(""),
  );
}
