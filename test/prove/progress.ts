import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What a long proof has already shown for exactly this code, so that it can be stopped and taken up again. */
export class Progress {
  readonly #path: string;
  readonly #fingerprint: string;
  readonly #done: Map<string, unknown>;

  /** `fingerprint` names the code that is proved: another one begins anew. */
  constructor(path: string, fingerprint: string) {
    const kept = readProgress(path);
    this.#path = path;
    this.#fingerprint = fingerprint;
    this.#done = new Map(kept?.fingerprint === fingerprint ? Object.entries(kept.done) : []);
  }

  get(step: string): unknown {
    return this.#done.get(step);
  }

  set(step: string, result: unknown): void {
    this.#done.set(step, result);
    mkdirSync(dirname(this.#path), { recursive: true });
    const done = Object.fromEntries(this.#done);
    writeFileSync(this.#path, JSON.stringify({ fingerprint: this.#fingerprint, done }));
  }
}

function readProgress(path: string): { fingerprint: string; done: Record<string, unknown> } | null {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof kept !== "object" || kept === null || !("fingerprint" in kept) || !("done" in kept)) return null;
    const { fingerprint, done } = kept;
    if (typeof fingerprint !== "string" || typeof done !== "object" || done === null) return null;
    return { fingerprint, done: { ...done } };
  } catch {
    // No file, or half of one: the proof begins at its beginning.
    return null;
  }
}
