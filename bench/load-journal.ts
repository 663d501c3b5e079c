import { must } from "../src/kernel/assert.ts";
import type { Random } from "../src/kernel/random.ts";
import { LatencyLog } from "./latency-log.ts";
import type { LoadReport, LoadTask } from "./loader-process.ts";
import type { WireValues } from "./wire-template.ts";

const purchase = 1;
const repeat = 2;
const reversal = 3;
const unknown = 4;
const slots = 1_000_000;
const mismatchesKept = 10;
/** The loader's own code is compiled in the first second of a schedule: its latencies, echo's and the switch's alike, are left out. */
const openLeadInMs = 1_000;
const unknownPan = "4999990000000008";

/** What a reply says, as numbers where it has digits. */
export interface LoadAnswer {
  readonly mti: number;
  readonly stan: number;
  readonly rrn: number;
  readonly code: string;
}

export type LoadMessage = WireValues & { readonly isReversal: boolean };

interface Noted {
  readonly sequence: number;
  readonly kind: number;
  readonly pan: number;
  readonly dueMs: number;
  readonly original: number;
}

/** What was sent, what the answer has to be, and what it was. A slot for each STAN. */
export class LoadJournal {
  readonly #task: LoadTask;
  readonly #kind = new Uint8Array(slots);
  readonly #dueMs = new Float64Array(slots);
  readonly #sequenceAt = new Float64Array(slots);
  readonly #originalAt = new Float64Array(slots);
  readonly #panAt = new Uint32Array(slots);
  readonly #leadInMs: number;
  readonly #latencies = new LatencyLog();
  readonly #mismatches: string[] = [];
  /** Approved and not touched since: what a repeat or a reversal may name. */
  readonly #settled: number[] = [];
  /** Monotonic time at which the first message was due. */
  #startMs: number | null = null;
  #sequence: number;
  #sent = 0;
  #answered = 0;
  #approved = 0;
  #decided = 0;
  #shed = 0;
  #mismatchCount = 0;

  constructor(task: LoadTask) {
    this.#task = task;
    this.#leadInMs = task.pace.kind === "open" ? openLeadInMs : 0;
    this.#sequence = task.firstSequence;
  }

  get unanswered(): number {
    return this.#sent - this.#answered;
  }

  next(random: Random, transmittedAt: string, dueMs: number): LoadMessage {
    this.#sent++;
    this.#startMs ??= dueMs;
    const { mix, pans } = this.#task;
    const draw = random.integer(100);
    if (draw < mix.repeats + mix.reversals) {
      const original = this.#settled.pop();
      if (original !== undefined) {
        return draw < mix.repeats
          ? this.#again(original, transmittedAt, dueMs)
          : this.#undo(original, transmittedAt, dueMs);
      }
    }
    const isUnknown = draw >= 100 - mix.unknown;
    const pan = random.integer(pans.length);
    const sequence = this.#sequence++;
    this.#note({ sequence, kind: isUnknown ? unknown : purchase, pan, dueMs, original: -1 });
    const text = isUnknown ? unknownPan : must(pans[pan], "a PAN");
    return { pan: text, amount: 100, transmittedAt, sequence, originalSequence: -1, isReversal: false };
  }

  answer({ mti, stan, rrn, code }: LoadAnswer, nowMs: number): void {
    const kind = this.#kind[stan] ?? 0;
    const sequence = this.#sequenceAt[stan] ?? -1;
    const original = this.#originalAt[stan] ?? -1;
    if (kind === 0 || rrn !== (kind === reversal ? original : sequence)) {
      this.#mismatch(`an answer to nothing: STAN ${stan}, RRN ${rrn}`);
      return;
    }
    this.#answered++;
    const atMs = nowMs - (this.#startMs ?? nowMs);
    if (atMs >= this.#leadInMs) this.#latencies.add(nowMs - (this.#dueMs[stan] ?? nowMs), atMs);
    this.#kind[stan] = 0;
    if (this.#task.isEcho) {
      this.#approved++;
      return;
    }
    // Turned away and not decided: it is no approval, and nothing in the journal.
    if (code === "91" && kind !== reversal) {
      this.#shed++;
      return;
    }
    const isRight = mti === (kind === reversal ? 410 : 110) && code === (kind === unknown ? "14" : "00");
    if (!isRight) this.#mismatch(`MTI 0${mti}, DE39 ${code} to kind ${kind}, STAN ${stan}`);
    if (kind === purchase && isRight) {
      this.#approved++;
      if (this.#settled.length < 1000) this.#settled.push(sequence);
    }
    if (kind === purchase || kind === reversal) this.#decided++;
  }

  report(): Omit<LoadReport, "kind" | "seconds" | "cpuMs"> {
    const { summary, curve, overTime } = this.#latencies.figures();
    return {
      sent: this.#sent,
      answered: this.#answered,
      approved: this.#approved,
      decided: this.#decided,
      shed: this.#shed,
      mismatches: this.#mismatches,
      mismatchCount: this.#mismatchCount,
      nextSequence: this.#sequence,
      latencyMs: summary,
      curve,
      overTime,
    };
  }

  #again(original: number, transmittedAt: string, dueMs: number): LoadMessage {
    const pan = this.#panAt[original % slots] ?? 0;
    this.#note({ sequence: original, kind: repeat, pan, dueMs, original: -1 });
    const text = must(this.#task.pans[pan], "a PAN");
    return { pan: text, amount: 100, transmittedAt, sequence: original, originalSequence: -1, isReversal: false };
  }

  #undo(original: number, transmittedAt: string, dueMs: number): LoadMessage {
    const pan = this.#panAt[original % slots] ?? 0;
    const sequence = this.#sequence++;
    this.#note({ sequence, kind: reversal, pan, dueMs, original });
    const text = must(this.#task.pans[pan], "a PAN");
    return { pan: text, amount: 100, transmittedAt, sequence, originalSequence: original, isReversal: true };
  }

  #note({ sequence, kind, pan, dueMs, original }: Noted): void {
    const slot = sequence % slots;
    if (this.#kind[slot] !== 0) this.#mismatch(`no answer to STAN ${slot} for a million messages`);
    this.#kind[slot] = kind;
    this.#dueMs[slot] = dueMs;
    this.#sequenceAt[slot] = sequence;
    this.#originalAt[slot] = original;
    this.#panAt[slot] = pan;
  }

  #mismatch(text: string): void {
    this.#mismatchCount++;
    if (this.#mismatches.length < mismatchesKept) this.#mismatches.push(text);
  }
}
