import { type Result, fail, ok } from "../src/kernel/result.ts";
import type { NetworkName } from "./purchase.ts";

/** One message as it passed a line: its body, without the framing. */
export interface RecordedMessage {
  readonly network: NetworkName;
  /** request: from the network to the issuer; answer: back. */
  readonly kind: "request" | "answer";
  readonly body: Uint8Array;
}

const marks = { request: ">", answer: "<" } as const;

/**
 * One line a message, in the order in which they passed:
 *   visa > 16010200…        a request of the network
 *   visa < 16010200…        its answer
 * What begins with # is for people. PANs stand in the clear, as on the wire.
 */
export function recordLine({ network, kind, body }: RecordedMessage): string {
  return `${network} ${marks[kind]} ${Buffer.from(body).toString("hex")}\n`;
}

/** The messages of a recording; the error names the line. */
export function readRecording(text: string): Result<RecordedMessage[], string> {
  const messages: RecordedMessage[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, network, mark, hex = ""] = /^(visa|mastercard|generic) ([<>]) ((?:[0-9a-fA-F]{2})+)\s*$/.exec(line) ?? [];
    if (network !== "visa" && network !== "mastercard" && network !== "generic") {
      return fail(`line ${index + 1} is no message; one looks like "visa > 16010200…" or "visa < 16010200…"`);
    }
    messages.push({ network, kind: mark === ">" ? "request" : "answer", body: Buffer.from(hex, "hex") });
  }
  return ok(messages);
}
