import { expect } from "chai";
import type { Committer } from "../../src/store/commit.ts";
import type { HotClient } from "../../src/store/hot-client.ts";
import type { HotReply } from "../../src/store/hot-connection.ts";
import { Keyspace } from "../../src/store/keys.ts";
import { LastEntryNumbers } from "../../src/store/last-entry-number.ts";

describe("store/last-entry-number", () => {
  it("tells everybody of a moment behind the question, and asks once for all who wait", async () => {
    const { answer, asked, committer } = slowRedis();
    const numbers = new LastEntryNumbers(committer, 1_000);

    const first = numbers.of(0);
    const [second, third] = [numbers.of(0), numbers.of(0)];
    expect(asked()).to.equal(1);
    answer(7);
    expect(await first).to.equal(7);
    expect(asked()).to.equal(2);
    answer(9);

    expect([await second, await third]).to.deep.equal([9, 9]);
    const fourth = numbers.of(0);
    answer(9);
    expect(await fourth).to.equal(9);
    expect(asked()).to.equal(3);
  });

  it("does not know where Redis does not answer", async () => {
    const { committer, refuse } = slowRedis();
    const numbers = new LastEntryNumbers(committer, 1_000);

    const first = numbers.of(0);
    refuse();

    expect(await first).to.equal(null);
  });
});

/** A connection that answers when it is told to. */
function slowRedis(): {
  readonly committer: Committer;
  readonly asked: () => number;
  readonly answer: (no: number) => void;
  readonly refuse: () => void;
} {
  const waiting: ((reply: HotReply) => void)[] = [];
  let count = 0;
  const hot = {
    read: (_slot: number, _command: readonly string[], _deadlineMs: number, done: (reply: HotReply) => void) => {
      count++;
      waiting.push(done);
    },
    flush: () => undefined,
  } as Partial<HotClient> as HotClient;
  return {
    committer: { hot, keyspace: new Keyspace("t", 1), now: () => 0, timeoutMs: 1_000 },
    asked: () => count,
    answer: (no) => waiting.shift()?.({ kind: "ok", value: [[`0-${no}`, ["e", ""]]] }),
    refuse: () => waiting.shift()?.({ kind: "refused", cause: "closed" }),
  };
}
