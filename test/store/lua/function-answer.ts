import type { HotReply } from "../../../src/store/hot-connection.ts";
import { luaConstants } from "../../../src/store/library.ts";

/** A sentence: "approved 1000, code 123456, entry 1", "duplicate of declined by 91, entry 2", "stale", "error: ...". */
export type FunctionAnswer = string;

export function answerOf(reply: HotReply): FunctionAnswer {
  if (reply.kind === "redirected") return `error: ${reply.error.message}`;
  if (reply.kind !== "ok") return `error: ${reply.cause}`;
  if (typeof reply.value === "string") return decisionOf(Buffer.from(reply.value, "latin1"));
  const words = Array.isArray(reply.value) ? reply.value : [reply.value];
  return words.map((word) => (typeof word === "string" ? textOf(word) : "?")).join(" ");
}

// A list may carry an answer behind its word.
function textOf(word: string): string {
  return word.length >= 18 && word.charCodeAt(0) <= 2 ? `(${decisionOf(Buffer.from(word, "latin1"))})` : word;
}

//   | 1 decided, 2 duplicate | outcome 1 | reason 1 | amount 6 | code 3 | journal number 6 |
//   and behind it | asked for 6 |, or | available, double 8 | held, double 8 |
function decisionOf(bytes: Buffer): string {
  const [kind, outcome, reason] = bytes;
  const [amount, code, no] = [bytes.readUIntBE(3, 6), bytes.readUIntBE(9, 3), bytes.readUIntBE(12, 6)];
  const parts = [
    `${kind === 2 ? "duplicate of " : ""}${wordOf(outcome)}${amount > 0 ? ` ${amount}` : ""}`,
    ...(bytes.length === 24 ? [`of ${bytes.readUIntBE(18, 6)}`] : []),
    ...(bytes.length === 34 ? [`${bytes.readDoubleBE(18)} available`, `${bytes.readDoubleBE(26)} held`] : []),
    ...(reason === 0 ? [] : [`for ${reason}`]),
    ...(code === 0 ? [] : [`code ${code}`]),
    `entry ${no}`,
  ];
  return parts.join(", ");
}

function wordOf(outcome: number | undefined): string {
  const word = outcomes.find((name) => luaConstants[name] === outcome);
  return word === undefined ? `outcome ${outcome}` : word.toLowerCase();
}

const outcomes = [
  "APPROVED",
  "DECLINED",
  "REVERSED_BEFORE",
  "PARTIAL",
  "PENDING",
  "RELEASED",
  "LOWERED",
  "TOMBSTONE",
  "UNKNOWN",
  "NOTHING_TO_RELEASE",
  "EXCEPTION",
  "REPOSTED",
  "KILLED_PENDING",
  "HELD",
  "MERGED",
  "ADDED",
  "COMPLETED",
  "ATTACHED",
  "POSTED",
  "CAPTURED_HOLD",
  "FORCE_POSTED",
  "DUPLICATE",
  "CAPTURED",
  "REFUNDED",
] as const;
