import { formatMinor } from "../src/kernel/money.ts";
import { maskPan } from "../src/kernel/pan-mask.ts";
import { isoTime } from "../src/kernel/clock.ts";
import { currencyCodeOf, decimalsOf } from "./known-program.ts";
import type { Purchase } from "./purchase.ts";

/** One message of the day and what became of it. */
export interface DemoLine {
  /** In order, from 1. */
  readonly number: number;
  readonly wallMs: number;
  readonly mti: string;
  readonly purchase: Purchase;
  /** The program's name of the card. */
  readonly card: string;
  /** DE39; null is silence. */
  readonly responseCode: string | null;
  readonly latencyMs: number;
  /** What it had to be, in words. */
  readonly expected: string;
  /** Why it is wrong; null where it is right. */
  readonly mismatch: string | null;
}

/** What the issuer's program changed between two messages. */
export interface DemoNote {
  readonly note: string;
}

/** "14:03:07.120  visa        0100  us-1   400000******0018     42.10 usd  GREENBRIAR GROCERS      00  approved  1.4 ms" */
export function renderDemoLine(line: DemoLine | DemoNote): string {
  if ("note" in line) return `${" ".repeat(14)}${line.note}`;
  const { acceptor, amount, card, network } = line.purchase;
  const decimals = decimalsOf(acceptor.currency);
  const columns = [
    isoTime(line.wallMs).slice(11, 23),
    network.padEnd(10),
    line.mti,
    line.card.padEnd(16),
    maskPan(card.pan).padEnd(16),
    `${formatMinor(amount, decimals).padStart(9)} ${currencyCodeOf(acceptor.currency)}`,
    acceptor.name.padEnd(22),
    line.responseCode ?? "--",
    line.expected,
    `${line.latencyMs.toFixed(1)} ms`,
  ];
  return `${columns.join("  ")}${line.mismatch === null ? "" : `  WRONG: ${line.mismatch}`}`;
}
