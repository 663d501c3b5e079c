import { expect } from "chai";
import type { ScriptedPeer } from "../switch/scripted-peer.ts";
import { type Fields, type Ledger, WireGround } from "./wire-ground.ts";

describe("flows/converging", function () {
  this.timeout(60_000);
  let ground: WireGround;
  let peer: ScriptedPeer;

  before(async () => {
    ground = await WireGround.open();
    peer = await ground.peer("visa");
  });

  after(() => ground.close());

  const original = (order: Fields, type: string): string => `${type}${order["11"]}${"0".repeat(32)}`;

  /** The messages of one chain, in the order in which a network means them. */
  const sets: readonly (readonly [string, Ledger, (order: Fields) => Fields[]])[] = [
    [
      "purchase, repeat, stand-in, reversal and its repeat",
      { available: 100_00n, held: 0n, holds: [], spentToday: 0n },
      (order) => {
        const undo = { ...order, "0": "0420", "11": ground.stan(), "90": original(order, "0100") };
        return [
          order,
          { ...order, "0": "0101" },
          { ...order, "0": "0120", "11": ground.stan(), "39": "00", "90": original(order, "0100") },
          undo,
          { ...undo, "0": "0421" },
        ];
      },
    ],
    [
      "purchase, increment and the reversal of the increment",
      { available: 70_00n, held: 30_00n, holds: [30_00n], spentToday: 30_00n },
      (order) => {
        const more = { ...order, "4": "000000002000", "11": ground.stan(), "63.3": "3900" };
        return [order, more, { ...more, "0": "0420", "11": ground.stan(), "90": original(more, "0100") }];
      },
    ],
    [
      "single message, repeat, advice and reversal",
      { available: 100_00n, held: 0n, holds: [], spentToday: 0n },
      (order) => [
        { ...order, "0": "0200" },
        { ...order, "0": "0201" },
        { ...order, "0": "0220", "11": ground.stan(), "90": original(order, "0200") },
        { ...order, "0": "0420", "11": ground.stan(), "90": original(order, "0200") },
      ],
    ],
    [
      "purchase, capture and its repeat",
      { available: 70_00n, held: 0n, holds: [], spentToday: 30_00n },
      (order) => {
        const told = { ...order, "0": "0220", "11": ground.stan(), "90": original(order, "0100") };
        return [order, told, { ...told, "0": "0221" }];
      },
    ],
  ];
  for (const [what, end, messages] of sets) {
    it(`comes to one ledger in whatever order ${what} arrive, once or twice`, async () => {
      const ends = new Map<string, string>();
      const { length } = messages(ground.order("visa", await ground.card(), 30_00));

      for (const order of permutations(length)) {
        const card = await ground.card();
        const chain = messages(ground.order("visa", card, 30_00));
        for (const no of order) await ground.ask(peer, chain[no] ?? {});
        ends.set(order.join(""), write(await ground.ledger(card)));
        for (const no of order.toReversed()) await ground.ask(peer, chain[no] ?? {});
        ends.set(`${order.join("")} twice`, write(await ground.ledger(card)));
      }

      const strays = [...ends].filter(([, ledger]) => ledger !== write(end));
      expect(strays).to.deep.equal([]);
    });
  }

  /** A window in which nothing was counted, and one in which all was given back, are the same. */
  function write({ available, held, holds, spentToday }: Ledger): string {
    return `available ${available}, held ${held}, holds ${holds.join("+")}, spent ${spentToday ?? 0n}`;
  }
});

function permutations(length: number): number[][] {
  if (length === 0) return [[]];
  return permutations(length - 1).flatMap((shorter) =>
    Array.from({ length }, (_, at) => [...shorter.slice(0, at), length - 1, ...shorter.slice(at)]),
  );
}
