import { expect } from "chai";
import fc from "fast-check";
import type { AuthorizationDecision } from "../../src/authorizer/decision.ts";
import { minor } from "../../src/kernel/money.ts";
import { SwitchUnderTest, approval, linkOf, purchase, visaPurchase } from "./open-switch.ts";
import { type ScriptedPeer, pause } from "./scripted-peer.ts";

describe("switch/session", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  it("answers the same, however the bytes of its peer are split or merged", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const stans = ["000001", "000002", "000003", "000004", "000005"];
    const bytes = Buffer.concat(stans.map((stan) => peer.bytesOf(purchase({ "11": stan }))));

    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        peer.heard.length = 0;
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        for (let i = 1; i < edges.length; i++) {
          peer.socket.write(bytes.subarray(edges[i - 1], edges[i]));
          await pause(0);
        }
        await peer.message(stans.length);
        expect(peer.heard.map((reply) => `${reply.get("11")} ${reply.get("39")}`)).to.deep.equal(
          stans.map((stan) => `${stan} 00`),
        );
      }),
      { numRuns: 25 },
    );
  });

  it("reads a message that comes byte by byte", async () => {
    const peer = await underTest.connect(linkOf("visa"));

    for (const byte of peer.bytesOf(visaPurchase())) {
      peer.socket.write(Uint8Array.of(byte));
      await pause(0);
    }

    expect((await peer.message(1)).get("39")).to.equal("00");
  });

  it("writes once for a chunk of many requests, and asks the store once", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const bytes = Buffer.concat(
      Array.from({ length: 40 }, (_, no) => peer.bytesOf(purchase({ "11": String(no + 1).padStart(6, "0") }))),
    );

    peer.socket.write(bytes);
    await peer.message(40);

    expect(peer.chunks).to.equal(1);
    expect(underTest.authorizer.flushes).to.equal(1);
  });

  it("writes once for decisions that come together later", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const waiting: ((decision: AuthorizationDecision) => void)[] = [];
    underTest.authorizer.decide = (_, done) => void waiting.push(done);
    for (let no = 1; no <= 20; no++) peer.say(purchase({ "11": String(no).padStart(6, "0") }));
    await peer.until(() => waiting.length === 20, "twenty requests");

    setTimeout(() => waiting.forEach((done) => done(approval())), 0);
    await peer.message(20);

    expect(peer.chunks).to.equal(1);
  });

  it("returns keep-alives, but not without end", async () => {
    const peer = await underTest.connect(linkOf("visa", { limits: { keepAlivesReturnedASecondMax: 3 } }));

    peer.socket.write(new Uint8Array(4 * 50));
    peer.say(visaPurchase());
    await peer.message(1);

    expect(peer.keepAlives).to.be.within(3, 6);
    expect(underTest.times("keep_alive")).to.equal(50);
  });

  it("names the field of a request that breaks the format, and moves nothing", async () => {
    const peer = await underTest.connect(linkOf("generic"));

    peer.socket.write(withBytes(peer, purchase(), "000000002599", "00000000259X"));

    const reply = await peer.message(1);
    expect([reply.mti, reply.get("39"), reply.get("44")]).to.deep.equal(["0110", "30", "004"]);
    expect([reply.get("11"), reply.get("37"), reply.get("2")]).to.deep.equal([
      "000501",
      "632612000501",
      "4000008412345678",
    ]);
    expect(underTest.authorizer.authorizations).to.deep.equal([]);
    expect(underTest.times("malformed")).to.equal(0);
  });

  for (const number of ["3", "4", "7", "18", "49"]) {
    it(`names DE${number} where a purchase has none`, async () => {
      const peer = await underTest.connect(linkOf("generic"));
      const fields = purchase();
      delete fields[number];

      peer.say(fields);

      const reply = await peer.message(1);
      expect([reply.get("39"), reply.get("44")]).to.deep.equal(["30", number.padStart(3, "0")]);
      expect(underTest.authorizer.authorizations).to.deep.equal([]);
    });
  }

  it("names the PAN where neither DE2 nor track 2 has one", async () => {
    const peer = await underTest.connect(linkOf("visa"));
    const { "2": _, ...fields } = visaPurchase();

    peer.say(fields);

    expect((await peer.message(1)).get("44")).to.equal("002");
  });

  it("names a DE7 that is no time and a DE49 that is no number", async () => {
    const peer = await underTest.connect(linkOf("generic"));

    peer.say(purchase({ "7": "1340256199" }));
    peer.say(purchase({ "49": "GBP" }));

    expect((await peer.message(1)).get("44")).to.equal("007");
    expect((await peer.message(2)).get("44")).to.equal("049");
  });

  it("drops and counts what cannot be read at all, and goes on", async () => {
    const peer = await underTest.connect(linkOf("generic"));

    peer.socket.write(Uint8Array.of(0, 5, 1, 2, 3, 4, 5));
    peer.say(purchase());

    expect((await peer.message(1)).get("39")).to.equal("00");
    expect(underTest.times("malformed")).to.equal(1);
  });

  it("answers nothing that its sender could not find again: a request whose STAN (DE11) is missing or unreadable", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const { "11": _, ...withoutStan } = purchase();

    peer.socket.write(withBytes(peer, purchase({ "11": "999501" }), "999501", "99950X"));
    peer.socket.write(withBytes(peer, purchase(), "164000008412345678", "994000008412345678"));
    peer.say(withoutStan);
    peer.say({ ...withoutStan, "0": "0400" });
    peer.say({ "0": "0800", "7": withoutStan["7"] ?? "", "70": "301" });
    peer.say(purchase({ "11": "000777" }));

    expect((await peer.message(1)).get("11")).to.equal("000777");
    expect([underTest.times("malformed"), underTest.times("format_error")]).to.deep.equal([5, 0]);
  });

  it("closes a connection that sends ten unreadable frames within a minute", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const rubbish = Uint8Array.of(0, 5, 1, 2, 3, 4, 5);

    for (let no = 0; no < 9; no++) peer.socket.write(rubbish);
    peer.say(purchase());
    await peer.message(1);
    peer.socket.write(rubbish);

    await peer.closed();
    expect(underTest.times("malformed_flood")).to.equal(1);
  });

  it("counts requests that it answers 30 among them: ten within a minute close the connection, behind their answers", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const { "49": _, ...withoutCurrency } = purchase();

    for (let no = 0; no < 5; no++) peer.say(withoutCurrency);
    for (let no = 0; no < 5; no++) peer.socket.write(withBytes(peer, purchase(), "000000002599", "00000000259X"));

    await peer.closed();
    expect(peer.heard.map((reply) => `${reply.get("39")} ${reply.get("44")}`)).to.deep.equal([
      ...Array.from({ length: 5 }, () => "30 049"),
      ...Array.from({ length: 5 }, () => "30 004"),
    ]);
    expect(underTest.times("malformed_flood")).to.equal(1);
  });

  it("answers a peer that has closed its own side, and then closes", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const waiting: (() => void)[] = [];
    underTest.authorizer.decide = (_, done) => void waiting.push(() => done(approval()));
    underTest.authorizer.undo = (_, done) => {
      waiting.push(() =>
        done({ outcome: "released", shard: 0, journalNo: 2, isDuplicate: false, releasedAmount: minor(0n) }),
      );
    };

    peer.say(purchase());
    peer.say({ ...purchase(), "0": "0420", "11": "000502" });
    peer.socket.end();
    await peer.until(() => waiting.length === 2, "both requests");
    await pause(30);
    const wasClosed = peer.isClosed;
    for (const decide of waiting) decide();

    await peer.closed();
    expect(wasClosed).to.equal(false);
    expect(peer.heard.map((reply) => `${reply.mti} ${reply.get("39")}`)).to.deep.equal(["0110 00", "0430 00"]);
  });

  it("closes at once behind a peer that closes its side and waits for nothing", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    peer.say(purchase());
    await peer.message(1);

    peer.socket.end();

    await peer.closed();
    expect(underTest.times("closed")).to.equal(1);
  });

  it("closes a connection whose frame is longer than the limit, before anything is set aside for it", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { frameBytesMax: 512 } }));

    peer.socket.write(Uint8Array.of(2, 1));

    await peer.closed();
    expect(underTest.times("framing_error")).to.equal(1);
  });

  it("closes a connection that leaves half a frame lying", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { midFrameIdleMs: 60 } }));
    peer.say(purchase());
    await peer.message(1);

    peer.socket.write(peer.bytesOf(purchase()).subarray(0, 50));

    await peer.closed();
    expect(underTest.times("idle_mid_frame")).to.equal(1);
  });

  it("leaves a connection alone that is idle between frames", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { midFrameIdleMs: 30, signOnWaitMs: 30 } }));

    await pause(120);
    peer.say(purchase());

    expect((await peer.message(1)).get("39")).to.equal("00");
  });

  it("cuts off a peer that does not read what it asks for", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { unreadBytesMax: 65_536, unreadMs: 1e9 } }));
    peer.socket.pause();
    const bytes = Buffer.concat(Array.from({ length: 100 }, () => peer.bytesOf(purchase())));

    for (let round = 0; round < 2_000 && underTest.times("slow_reader") === 0; round++) {
      peer.socket.write(bytes);
      await pause(0);
    }

    expect(underTest.times("slow_reader")).to.equal(1);
  });

  it("cuts off a peer that leaves little unread, but for long", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { unreadBytesMax: 1e9, unreadMs: 60 } }));
    peer.socket.pause();
    const bytes = Buffer.concat(Array.from({ length: 100 }, () => peer.bytesOf(purchase())));

    for (let round = 0; round < 1_000 && underTest.times("slow_reader") === 0; round++) {
      peer.socket.write(bytes);
      await pause(1);
    }

    expect(underTest.times("slow_reader")).to.equal(1);
  });

  it("forgets a decision whose connection has gone", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const waiting: ((decision: AuthorizationDecision) => void)[] = [];
    underTest.authorizer.decide = (_, done) => void waiting.push(done);
    peer.say(purchase());
    await peer.until(() => waiting.length === 1, "the request");

    peer.socket.resetAndDestroy();
    await peer.until(() => underTest.times("closed") === 1, "the switch to notice");
    for (const done of waiting) done(approval());

    expect(underTest.times("orphaned")).to.equal(1);
  });

  it("does not take the network's reject of one of our messages for a request", async () => {
    const peer = await underTest.connect(linkOf("visa"));
    const request = peer.bytesOf(visaPurchase()).subarray(4);
    const total = 26 + request.length;
    const reject = Buffer.from(`1a010200004123450000000${"0".repeat(21)}800506`.padEnd(52, "0"), "hex");
    reject.writeUInt16BE(total, 3);

    peer.socket.write(Buffer.concat([Uint8Array.of(total >> 8, total & 0xff, 0, 0), reject, request]));
    await peer.until(() => underTest.times("rejected") === 1, "the reject to be counted");

    expect(underTest.authorizer.authorizations).to.deep.equal([]);
  });
});

/** The frame of a message with some of its ASCII text replaced by as much other text. */
function withBytes(peer: ScriptedPeer, fields: Record<string, string>, text: string, by: string): Uint8Array {
  const bytes = Buffer.from(peer.bytesOf(fields));
  bytes.write(by, bytes.indexOf(text), "latin1");
  return bytes;
}
