import type { Message } from "../src/iso8583/public.ts";
import type { WireFields } from "./purchase.ts";

/** What became of a request: an answer, or nothing by the time given, or a link that broke under it. */
export type Answer =
  | { readonly kind: "reply"; readonly message: Message; readonly receivedMs: number }
  | { readonly kind: "silence"; readonly cause: "timeout" | "link_lost" | "not_connected" };
export type Done = (answer: Answer) => void;

/** late: its request had been given up. unexpected: nobody had asked, or the request was answered before. */
export type Arrival = "matched" | "late" | "unexpected";

interface Outstanding {
  readonly done: Done;
  readonly timer: NodeJS.Timeout;
}

const givenUpMax = 20_000;

/**
 * Finds the request that a reply belongs to by its key (the answer's MTI, DE7, DE11, DE32, DE37), never by order: an
 * issuer may answer the second question first.
 */
export class Correlator {
  readonly #outstanding = new Map<string, Outstanding>();
  /** Requests that may still be answered late → how many answers may come. */
  readonly #givenUp = new Map<string, number>();

  get outstanding(): number {
    return this.#outstanding.size;
  }

  /** A repeat with the same key takes the place of what is outstanding. */
  expect(fields: WireFields, timeoutMs: number, done: Done): void {
    const key = requestKey(fields);
    const earlier = this.#outstanding.get(key);
    if (earlier !== undefined) this.#giveUp(key, earlier, "timeout");
    const timer = setTimeout(() => {
      const waiting = this.#outstanding.get(key);
      if (waiting !== undefined) this.#giveUp(key, waiting, "timeout");
    }, timeoutMs);
    this.#outstanding.set(key, { done, timer });
  }

  take(message: Message, receivedMs: number): Arrival {
    const key = replyKey(message);
    const waiting = this.#outstanding.get(key);
    if (waiting !== undefined) {
      this.#outstanding.delete(key);
      clearTimeout(waiting.timer);
      waiting.done({ kind: "reply", message, receivedMs });
      return "matched";
    }
    const left = this.#givenUp.get(key);
    if (left === undefined) return "unexpected";
    if (left > 1) this.#givenUp.set(key, left - 1);
    else this.#givenUp.delete(key);
    return "late";
  }

  /** The link broke: no answer can come on it any more. */
  loseAll(): void {
    for (const [key, waiting] of this.#outstanding) this.#giveUp(key, waiting, "link_lost");
  }

  #giveUp(key: string, waiting: Outstanding, cause: "timeout" | "link_lost"): void {
    this.#outstanding.delete(key);
    clearTimeout(waiting.timer);
    this.#givenUp.set(key, (this.#givenUp.get(key) ?? 0) + 1);
    if (this.#givenUp.size > givenUpMax) {
      const [oldest] = this.#givenUp.keys();
      if (oldest !== undefined) this.#givenUp.delete(oldest);
    }
    waiting.done({ kind: "silence", cause });
  }
}

/** 0100 and 0101 are answered by 0110, 0420 and 0421 by 0430, 0800 by 0810. */
export function answerMti(mti: string): string {
  return `${mti.slice(0, 2)}${Number(mti.charAt(2)) + 1}0`;
}

export function isRequest(mti: string): boolean {
  return Number(mti.charAt(2)) % 2 === 0;
}

function requestKey(fields: WireFields): string {
  const { 7: de7 = "", 11: de11 = "", 32: de32 = "", 37: de37 = "" } = fields;
  return `${answerMti(fields["0"] ?? "")}|${de7}|${de11}|${de32}|${de37}`;
}

function replyKey(message: Message): string {
  const { mti } = message;
  return `${mti}|${message.get("7") ?? ""}|${message.get("11") ?? ""}|${message.get("32") ?? ""}|${message.get("37") ?? ""}`;
}
