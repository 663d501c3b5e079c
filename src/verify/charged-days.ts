import type { ChargedDay } from "../store/entry.ts";
import { type Minor, minor } from "../kernel/money.ts";

/** What is left of each UTC day on which a hold or a posting was charged, the earliest first. */
export class ChargedDays {
  #parts: { readonly day: number; amount: bigint }[] = [];

  get total(): bigint {
    let total = 0n;
    for (const { amount } of this.#parts) total += amount;
    return total;
  }

  add(day: number, amount: bigint): ChargedDay[] {
    const known = this.#parts.find((part) => part.day === day);
    if (known === undefined) this.#parts.push({ day, amount });
    else known.amount += amount;
    return amount === 0n ? [] : [{ day, amount: minor(amount) }];
  }

  /** The day of an increment first, then the latest; what was taken is negative. */
  take(amount: bigint, ownDay: number | null): ChargedDay[] {
    const taken: ChargedDay[] = [];
    let left = amount;
    const own = this.#parts.filter(({ day }) => day === ownDay);
    const others = this.#parts.filter(({ day }) => day !== ownDay).sort((a, b) => b.day - a.day);
    for (const part of [...own, ...others]) {
      const given = part.amount < left ? part.amount : left;
      if (given <= 0n) continue;
      part.amount -= given;
      left -= given;
      taken.push({ day: part.day, amount: minor(-given) });
    }
    return taken;
  }

  /** What is captured leaves the earliest days, which stay charged. */
  takeFirst(amount: bigint): void {
    let left = amount;
    for (const part of this.#parts.toSorted((a, b) => a.day - b.day)) {
      const given = part.amount < left ? part.amount : left;
      part.amount -= given;
      left -= given;
    }
  }

  /** Hands everything on. */
  moveOut(): ChargedDays {
    const moved = new ChargedDays();
    moved.#parts = this.#parts;
    this.#parts = [];
    return moved;
  }

  text(): string {
    return daysText(this.#parts);
  }
}

/** Days and amounts in the order of days, for a person and to be compared. */
export function daysText(parts: readonly { readonly day: number; readonly amount: bigint | Minor }[]): string {
  const shown = parts.filter(({ amount }) => amount !== 0n).sort((a, b) => a.day - b.day);
  return shown.length === 0 ? "nothing" : shown.map(({ day, amount }) => `${amount} of day ${day}`).join(", ");
}
