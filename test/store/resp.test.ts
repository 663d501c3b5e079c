import { expect } from "chai";
import fc from "fast-check";
import { RespError, RespReader, type RespValue, RespWriter } from "../../src/store/resp.ts";

const stream = Buffer.from(
  "+OK\r\n:42\r\n$-1\r\n*3\r\n$2\r\nab\r\n*1\r\n$0\r\n\r\n*-1\r\n-MOVED 12 h:1\r\n$3\r\n\r\n\xff\r\n",
  "latin1",
);
const values: RespValue[] = ["OK", "42", null, ["ab", [""], null], new RespError("MOVED 12 h:1"), "\r\n\xff"];

function read(chunks: readonly Buffer[]): RespValue[] {
  const reader = new RespReader();
  const found: RespValue[] = [];
  for (const chunk of chunks) {
    reader.push(chunk, (value) => found.push(value));
    // The bytes are the caller's again, as a socket's one buffer is.
    chunk.fill(0);
  }
  return found;
}

describe("store/resp", () => {
  it("reads the same replies however the stream is cut", () => {
    expect(read([Buffer.from(stream)])).to.deep.equal(values);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 }), (cuts) => {
        const sorted = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const chunks = sorted.slice(1).map((end, i) => Buffer.from(stream.subarray(sorted[i], end)));
        expect(read(chunks)).to.deep.equal(values);
      }),
    );
  });

  it("writes texts and bytes of any length, also beyond its first buffer", () => {
    const writer = new RespWriter(16);
    const long = "x".repeat(100_000);

    writer.array(3);
    writer.text("SET");
    writer.text(long);
    writer.bytes(Buffer.from([0, 255, 13, 10]));

    expect(writer.take().toString("latin1")).to.equal(`*3\r\n$3\r\nSET\r\n$100000\r\n${long}\r\n$4\r\n\0\xff\r\n\r\n`);
    expect(writer.length).to.equal(0);
  });
});
