import { expect } from "chai";
import { TraceNumbers, stanOf, traceOf } from "../../simulators/trace-numbers.ts";

describe("simulators/trace-numbers", () => {
  it("gives every message an RRN, a transaction id and a network reference of its own", () => {
    const numbers = new TraceNumbers(123);

    const traces = Array.from({ length: 5_000 }, () => numbers.next());

    expect(new Set(traces.map(({ rrn }) => rrn)).size).to.equal(5_000);
    expect(new Set(traces.map(({ transactionId }) => transactionId)).size).to.equal(5_000);
    expect(new Set(traces.map(({ reference }) => reference)).size).to.equal(5_000);
  });

  it("keeps two runs apart", () => {
    const first = new TraceNumbers(1).next();
    const second = new TraceNumbers(2).next();

    expect(first.rrn).not.to.equal(second.rrn);
    expect(first.transactionId).not.to.equal(second.transactionId);
    expect(first.reference).not.to.equal(second.reference);
  });

  it("fills its fields to their exact lengths, up to the last number of a run", () => {
    for (const sequence of [1, 999_999_999]) {
      const trace = traceOf("ZZZ", sequence);

      expect(trace.rrn).to.match(/^[0-9A-Z]{12}$/);
      expect(trace.transactionId).to.match(/^\d{15}$/);
      expect(trace.reference).to.match(/^[0-9A-Z]{8}$/);
    }
  });

  it("never gives the STAN 000000", () => {
    for (const sequence of [1, 999_998, 999_999, 1_000_000, 1_999_998]) {
      expect(stanOf(sequence)).to.match(/^\d{6}$/);
      expect(stanOf(sequence)).not.to.equal("000000");
    }
  });
});
