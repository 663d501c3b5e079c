import type { Clock } from "../src/kernel/clock.ts";
import type { Link } from "./link.ts";
import { type StoredMessage, fieldsOf, repeatOf } from "./network-message.ts";

export interface StoreAndForwardSettings {
  readonly link: Link;
  readonly clock: Clock;
  /** How long one attempt waits for its answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Repeats (0121, 0421) in a row before a rest. */
  readonly repeatsMax: number;
  readonly restMs: number;
  /** DE39 of the 0130, 0230 or 0430. */
  readonly onAnswered: (message: StoredMessage, responseCode: string) => void;
}

interface Stored {
  readonly message: StoredMessage;
  attempts: number;
}

/**
 * Advices that wait for their answer: one at a time and in order, 0420 first, then 0421 up to three times, then a rest
 * and again, over as many connections as it takes. Nothing is dropped.
 */
export class StoreAndForward {
  readonly #settings: StoreAndForwardSettings;
  readonly #stored: Stored[] = [];
  readonly #waiters: (() => void)[] = [];
  #isSending = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | null = null;
  #sent = 0;

  constructor(settings: StoreAndForwardSettings) {
    this.#settings = settings;
  }

  /** Advices without an answer. */
  get pending(): number {
    return this.#stored.length;
  }

  /** Messages sent so far, repeats included. */
  get sent(): number {
    return this.#sent;
  }

  push(message: StoredMessage): void {
    this.#stored.push({ message, attempts: 0 });
    this.#next();
  }

  /** Resolves when everything is answered; false where that takes longer than `timeoutMs`. */
  async drained(timeoutMs: number): Promise<boolean> {
    if (this.#stored.length === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([new Promise<void>((resolve) => this.#waiters.push(resolve)), late]);
    clearTimeout(timer);
    return this.#stored.length === 0;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #next(): void {
    const head = this.#stored[0];
    if (this.#isSending || this.#isClosed || head === undefined) return;
    const { link, clock, timeoutMs } = this.#settings;
    this.#isSending = true;
    if (!link.isUsable) {
      this.#later(linkPollMs);
      return;
    }
    const message = head.attempts === 0 ? head.message : repeatOf(head.message);
    head.attempts++;
    this.#sent++;
    link.request(fieldsOf(link.side, message, clock.wallNow()), timeoutMs, (answer) => {
      const responseCode = answer.kind === "reply" ? answer.message.get("39") : undefined;
      if (responseCode === undefined) this.#again(head);
      else this.#settle(head, responseCode);
    });
  }

  #settle(head: Stored, responseCode: string): void {
    this.#stored.shift();
    this.#isSending = false;
    this.#settings.onAnswered(head.message, responseCode);
    if (this.#stored.length === 0) for (const wake of this.#waiters.splice(0)) wake();
    this.#next();
  }

  #again(head: Stored): void {
    const { repeatsMax, restMs } = this.#settings;
    const isTired = head.attempts % (repeatsMax + 1) === 0;
    this.#later(isTired ? restMs : 0);
  }

  #later(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#isSending = false;
      this.#next();
    }, ms);
  }
}

const linkPollMs = 20;
