import type { ReplyView } from "./reply-view.ts";
import type { Order } from "./traffic-plan.ts";

/** Orders without an answer: found by what the answer says, and by age. */
export class OpenOrders {
  readonly #timeoutMs: number;
  readonly #byKey = new Map<number, Order>();
  /** In order of sending: all wait equally long, so the oldest attempt is the first to be given up. */
  #attempts: { readonly order: Order; readonly attempt: number }[] = [];
  #oldest = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get count(): number {
    return this.#byKey.size;
  }

  /** Whether another order waits for what would be the same answer. */
  has(order: Order): boolean {
    return this.#byKey.has(keyOf(order));
  }

  add(order: Order): void {
    this.#byKey.set(keyOf(order), order);
    this.#attempts.push({ order, attempt: order.attempts });
  }

  /** Takes out the order that an answer belongs to. */
  take({ mti, sequence }: ReplyView): Order | null {
    const keys =
      mti === "0410" ? [4 * sequence + kindKeys.reversal] : [4 * sequence, 4 * sequence + kindKeys.duplicate];
    for (const key of keys) {
      const order = this.#byKey.get(key);
      if (order !== undefined) {
        this.#byKey.delete(key);
        return order;
      }
    }
    return null;
  }

  /** Takes out what has waited long enough at `nowMs`. */
  expired(nowMs: number): Order[] {
    const expired: Order[] = [];
    for (; this.#oldest < this.#attempts.length; this.#oldest++) {
      const next = this.#attempts[this.#oldest];
      if (next === undefined) break;
      const { order, attempt } = next;
      const isWaiting = order.state === "open" && order.attempts === attempt;
      if (isWaiting && nowMs - order.sentMs < this.#timeoutMs) break;
      if (!isWaiting) continue;
      this.#byKey.delete(keyOf(order));
      expired.push(order);
    }
    if (this.#oldest > compactAt) {
      this.#attempts = this.#attempts.slice(this.#oldest);
      this.#oldest = 0;
    }
    return expired;
  }
}

const compactAt = 16_384;
const kindKeys = { duplicate: 1, reversal: 2 } as const;

/** The purchase that it speaks of, and in which way. */
function keyOf(order: Order): number {
  const { kind, original, sequence } = order;
  if (original === null) return 4 * sequence;
  return 4 * original.sequence + (kind === "reversal" ? kindKeys.reversal : kindKeys.duplicate);
}
