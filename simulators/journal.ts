import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { type Minor, minor } from "../src/kernel/money.ts";

/** Names a message without its PAN, which has no place in a file: an RRN is used once in a run. */
export interface SeenKey {
  readonly network: string;
  readonly stan: string;
  readonly acquirer: string;
  readonly rrn: string;
}

/** What was sent for a key. Amounts are DE4, in minor units of DE49. */
export interface SentAuthorization extends SeenKey {
  /** The caller's name of the card, never its PAN. */
  readonly card: string;
  readonly amount: Minor;
  /** Wall time of the first attempt. */
  readonly sentMs: number;
}

/** Approved and declined rest on a whole, checked answer; everything else is unknown. */
export type Verdict = "approved" | "declined" | "unknown";

export interface SeenAuthorization extends SentAuthorization {
  readonly verdict: Verdict;
  /** DE39 and DE38 of the answer; "" where there is none. */
  readonly responseCode: string;
  readonly authorizationCode: string;
  /** Wall time of the answer; 0 where there is none. */
  readonly answeredMs: number;
  /** none: nobody tried to undo it. open: a reversal was sent and not answered. answered: 0410 or 0430 arrived. */
  readonly undo: "none" | "open" | "answered";
}

export interface SeenAnswer {
  readonly verdict: Exclude<Verdict, "unknown">;
  readonly responseCode: string;
  readonly authorizationCode: string;
  readonly answeredMs: number;
}

type Line =
  | { readonly kind: "sent"; readonly sent: SentAuthorization }
  | { readonly kind: "answer"; readonly key: string; readonly answer: SeenAnswer }
  | { readonly kind: "undo"; readonly key: string }
  | { readonly kind: "undone"; readonly key: string };

/**
 * What one simulator has seen with its own eyes, to be held against the issuer's books afterwards: every approval here
 * must be there, every decline must have left no hold, and what is unknown may be either.
 *
 * A file, where there is one, has one line of tab-separated text an event, and is written before the event loop turns:
 *   S  network  stan  acquirer  rrn  card  amount  sentMs
 *   A  key  approved|declined  de39  de38  answeredMs
 *   U  key            (a reversal was sent)          D  key            (it was answered)
 */
export class SeenJournal {
  readonly #seen = new Map<string, Entry>();
  readonly #file: number | null;
  #pending = "";
  #isFlushing = false;

  constructor(path: string | null = null) {
    this.#file = path === null ? null : openSync(path, "a");
  }

  sent(authorization: SentAuthorization): void {
    this.#take({ kind: "sent", sent: authorization });
  }

  answered(key: SeenKey, answer: SeenAnswer): void {
    this.#take({ kind: "answer", key: seenKeyText(key), answer });
  }

  undoSent(key: SeenKey): void {
    this.#take({ kind: "undo", key: seenKeyText(key) });
  }

  undoAnswered(key: SeenKey): void {
    this.#take({ kind: "undone", key: seenKeyText(key) });
  }

  /** Every authorization in the order of first sending. */
  *authorizations(): Generator<SeenAuthorization> {
    for (const entry of this.#seen.values()) yield seenOf(entry);
  }

  find(key: SeenKey): SeenAuthorization | null {
    const entry = this.#seen.get(seenKeyText(key));
    return entry === undefined ? null : seenOf(entry);
  }

  count(verdict: Verdict): number {
    let count = 0;
    for (const entry of this.#seen.values()) if ((entry.answer?.verdict ?? "unknown") === verdict) count++;
    return count;
  }

  flush(): void {
    this.#isFlushing = false;
    if (this.#file === null || this.#pending === "") return;
    writeSync(this.#file, this.#pending);
    this.#pending = "";
  }

  close(): void {
    this.flush();
    if (this.#file !== null) closeSync(this.#file);
  }

  /** Reads what an earlier run has written; a line that a crash has cut is left out. */
  load(text: string): void {
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    for (const row of whole.split("\n")) {
      const line = row === "" ? null : parseLine(row.split("\t"));
      if (line !== null) this.#apply(line);
    }
  }

  #take(line: Line): void {
    this.#apply(line);
    if (this.#file === null) return;
    this.#pending += formatLine(line);
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => this.flush());
  }

  #apply(line: Line): void {
    if (line.kind === "sent") {
      const key = seenKeyText(line.sent);
      if (!this.#seen.has(key)) this.#seen.set(key, { sent: line.sent, answer: null, undo: "none" });
      return;
    }
    const entry = this.#seen.get(line.key);
    // Networks also reverse what they never sent; that is nothing that anybody could have seen approved.
    if (entry === undefined) return;
    // rules: Identity. A repeat gets the first answer again, so the first one that was seen stands.
    if (line.kind === "answer") entry.answer ??= line.answer;
    else if (line.kind === "undone") entry.undo = "answered";
    else if (entry.undo === "none") entry.undo = "open";
  }
}

/** What a file of an earlier run says, without opening it for more. */
export function readJournal(path: string): SeenJournal {
  const journal = new SeenJournal();
  journal.load(readFileSync(path, "utf8"));
  return journal;
}

export function seenKeyText(key: SeenKey): string {
  return `${key.network}|${key.stan}|${key.acquirer}|${key.rrn}`;
}

interface Entry {
  readonly sent: SentAuthorization;
  answer: SeenAnswer | null;
  undo: SeenAuthorization["undo"];
}

function seenOf({ sent, answer, undo }: Entry): SeenAuthorization {
  const nothing = { verdict: "unknown", responseCode: "", authorizationCode: "", answeredMs: 0 } as const;
  return { ...sent, ...(answer ?? nothing), undo };
}

function formatLine(line: Line): string {
  if (line.kind === "undo") return `U\t${line.key}\n`;
  if (line.kind === "undone") return `D\t${line.key}\n`;
  if (line.kind === "answer") {
    const { verdict, responseCode, authorizationCode, answeredMs } = line.answer;
    return `A\t${line.key}\t${verdict}\t${responseCode}\t${authorizationCode}\t${answeredMs}\n`;
  }
  const { network, stan, acquirer, rrn, card, amount, sentMs } = line.sent;
  return `S\t${network}\t${stan}\t${acquirer}\t${rrn}\t${card}\t${amount}\t${sentMs}\n`;
}

function parseLine(columns: readonly string[]): Line | null {
  const [kind, a = "", b = "", c = "", d = "", e = "", f = "", g = ""] = columns;
  if (kind === "U") return { kind: "undo", key: a };
  if (kind === "D") return { kind: "undone", key: a };
  if (kind === "A" && (b === "approved" || b === "declined")) {
    return {
      kind: "answer",
      key: a,
      answer: { verdict: b, responseCode: c, authorizationCode: d, answeredMs: Number(e) },
    };
  }
  if (kind !== "S") return null;
  const sent = { network: a, stan: b, acquirer: c, rrn: d, card: e, amount: minor(BigInt(f)), sentMs: Number(g) };
  return { kind: "sent", sent };
}
