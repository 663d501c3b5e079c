import { expect } from "chai";
import { DeliveryTurns } from "../../src/app/delivery-turns.ts";
import type { Delivery } from "../../src/records/deliveries.ts";

const slow = { shard: 1, no: 7 };
const other = { shard: 2, no: 7 };

function letter(id: number, endpoint = slow, attempts = 0): Delivery {
  return { id, event: { shard: 1, no: id }, endpoint, attempts };
}

function ids(deliveries: readonly Delivery[]): number[] {
  return deliveries.map(({ id }) => id);
}

describe("app/turns of deliveries", () => {
  let turns: DeliveryTurns;

  beforeEach(() => {
    turns = new DeliveryTurns(2);
  });

  it("lets an endpoint keep only so many tries busy, and takes nothing from another", () => {
    const first = turns.begin([letter(1), letter(2), letter(3)]);
    const rows = [turns.rowsMax(slow), turns.rowsMax(other)];
    const second = turns.begin([letter(4, other)]);

    expect(ids(first)).to.deep.equal([1, 2]);
    expect(rows).to.deep.equal([0, 2]);
    expect(ids(second)).to.deep.equal([4]);
  });

  it("begins nothing twice, and what waited as soon as one has ended", () => {
    turns.begin([letter(1), letter(2)]);
    const asksForMore = turns.end(1);
    const rows = turns.rowsMax(slow);
    const next = turns.begin([letter(2), letter(3), letter(4)]);

    expect(asksForMore).to.equal(true);
    expect(rows).to.equal(3);
    expect(ids(next)).to.deep.equal([3]);
  });

  it("tries an endpoint that has not taken its letter one at a time, until it takes one", () => {
    turns.note(slow, false);
    const failing = turns.begin([letter(1), letter(2)]);
    const rows = turns.rowsMax(slow);
    turns.end(1);
    turns.note(slow, true);
    const mended = turns.begin([letter(2), letter(3)]);

    expect([ids(failing), rows, ids(mended)]).to.deep.equal([[1], 0, [2, 3]]);
  });

  it("begins a retry alone, also while another one is under way since an earlier look", () => {
    const first = turns.begin([letter(1, slow, 1), letter(2, slow, 1)]);
    const again = turns.begin([letter(1, slow, 1), letter(2, slow, 1)]);

    expect([ids(first), ids(again)]).to.deep.equal([[1], []]);
  });

  it("begins everything again when the queue has lost it", () => {
    turns.begin([letter(1), letter(2)]);
    turns.forget();
    const again = turns.begin([letter(1), letter(2)]);
    const late = turns.end(1);

    expect(ids(again)).to.deep.equal([1, 2]);
    expect(late).to.equal(true);
  });
});
