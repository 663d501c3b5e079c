import { expect } from "chai";
import { cells } from "../model/coverage.ts";
import { cellFaults, cellLines, cellRows, strayModelCells } from "./cells.ts";

const reached = Object.fromEntries(cells.map((cell) => [cell, 3]));

describe("prove/cells", () => {
  it("knows of every outcome of every operation whether a run reaches it, an example does, or nothing can", () => {
    const rows = cellRows(reached);

    expect(cellFaults(rows)).to.deep.equal([]);
    expect(strayModelCells(rows)).to.deep.equal([]);
  });

  it("counts a reversal as 0400 and as 0420 in one row, with all its first answers in another", () => {
    const rows = cellRows({
      "reversal 0400 · lowered": 3,
      "reversal 0420 · lowered": 4,
      "reversal 0420 · duplicate lowered": 5,
    });
    const count = (wanted: string) => rows.find(({ cell }) => cell === wanted)?.count;

    expect(count("reversal · lowered")).to.equal(7);
    expect(count("reversal · duplicate")).to.equal(5);
    expect(count("reversal · released")).to.equal(0);
  });

  it("finds a cell that nothing reaches, and one that was argued away and then reached", () => {
    const { "authorization · unknown_pan": _, ...fewer } = reached;

    expect(cellFaults(cellRows(fewer))).to.deep.equal(["authorization · unknown_pan: neither reached nor argued for"]);
    expect(cellFaults(cellRows({ ...reached, "purge · stale": 1 }))).to.deep.equal([
      "purge · stale: reached, although it is argued that nothing can",
    ]);
  });

  it("says in a line how often a cell was reached, or why it cannot be", () => {
    const counts = { "authorization · approved": 2, "authorization · approved fuel": 1 };
    const lines = cellLines(cellRows(counts)).join("\n");

    expect(lines).to.match(/^authorization · approved +3 times, examples 1$/m);
    expect(lines).to.match(/^purge · stale +unreachable: a purge goes by wall time alone/m);
  });

  it("counts what the endpoint has said, and what came too late, by what became of the message", () => {
    const rows = cellRows({
      "confirm · done part": 2,
      "confirm · done killed": 3,
      "release · done increment": 4,
      "release · stale": 5,
    });
    const counts = rows.filter(({ cell }) => cell.startsWith("resolve")).map(({ cell, count }) => [cell, count]);

    expect(Object.fromEntries(counts)).to.include({
      "resolve · confirmed": 2,
      "resolve · killed_pending": 3,
      "resolve · released": 4,
      "resolve · forgotten": 5,
    });
  });
});
