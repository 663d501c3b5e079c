import type { Committer } from "./commit.ts";

interface Asking {
  readonly answer: Promise<number | null>;
  /** Those who came while it was under way, and so have to be told of a later moment; null: nobody. */
  next: Promise<number | null> | null;
}

/**
 * Tells the number of the last entry that lies in a shard's journal: 0 where none does, since all that there was is
 * recorded then; null where Redis does not answer. Who asks is told of a moment behind the question; of many that ask
 * while one question is under way, all share the next. 50 readers at once: 1 command each → about 2 for all of them.
 */
export class LastEntryNumbers {
  readonly #committer: Committer;
  readonly #timeoutMs: number;
  readonly #asking = new Map<number, Asking>();

  constructor(committer: Committer, timeoutMs: number) {
    this.#committer = committer;
    this.#timeoutMs = timeoutMs;
  }

  of(shard: number): Promise<number | null> {
    const running = this.#asking.get(shard);
    if (running === undefined) return this.#begin(shard);
    running.next ??= running.answer.then(() => this.#begin(shard));
    return running.next;
  }

  #begin(shard: number): Promise<number | null> {
    const asking: Asking = { answer: readLast(this.#committer, shard, this.#timeoutMs), next: null };
    this.#asking.set(shard, asking);
    void asking.answer.then(() => {
      if (this.#asking.get(shard) === asking) this.#asking.delete(shard);
    });
    return asking.answer;
  }
}

function readLast({ hot, keyspace, now }: Committer, shard: number, timeoutMs: number): Promise<number | null> {
  return new Promise((resolve) => {
    const command = ["XREVRANGE", keyspace.journal(shard), "+", "-", "COUNT", "1"];
    hot.read(keyspace.slot(shard), command, now() + timeoutMs, (reply) => {
      if (reply.kind !== "ok") {
        resolve(null);
        return;
      }
      const newest = Array.isArray(reply.value) ? reply.value[0] : undefined;
      const id = Array.isArray(newest) ? newest[0] : undefined;
      resolve(typeof id === "string" ? Number(id.slice(id.indexOf("-") + 1)) : 0);
    });
    hot.flush();
  });
}
