import { expect } from "chai";
import fc from "fast-check";
import type { LinkSpec } from "../../specs/links.ts";
import { type WireFixture, bytesOf } from "../fixtures/wire-fixture.ts";
import { frame } from "../../src/iso8583/public.ts";
import { iso87AsciiMessages } from "../fixtures/wire-iso87-ascii.ts";
import { mastercardStyleMessages } from "../fixtures/wire-mastercard-style.ts";
import { visaStyleMessages } from "../fixtures/wire-visa-style.ts";
import type { Message } from "../../src/iso8583/public.ts";
import { SwitchUnderTest, linkOf } from "./open-switch.ts";
import { pause } from "./scripted-peer.ts";

const families: readonly (readonly [LinkSpec["network"], readonly WireFixture[]])[] = [
  ["visa", visaStyleMessages],
  ["mastercard", mastercardStyleMessages],
  ["generic", iso87AsciiMessages],
];

const moneyTypes = /^0[124][13]0$/;

describe("switch/hostile-bytes", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  for (const [network, messages] of families) {
    it(`goes on serving after any damage to ${network} messages, and never answers what it cannot read with an approval`, async () => {
      const peer = await underTest.connect(
        linkOf(network, {
          signOn: "none",
          wantsFreshTransmissionTime: false,
          limits: { malformedFramesAMinuteMax: 1e9 },
        }),
      );
      const originals = messages.map(({ pieces }) => bytesOf(pieces));
      const change = fc.record({ at: fc.nat(400), to: fc.integer({ min: 0, max: 255 }) });
      const damage = fc.record({ no: fc.nat(originals.length - 1), changes: fc.array(change, { maxLength: 3 }) });

      await fc.assert(
        fc.asyncProperty(fc.array(damage, { minLength: 40, maxLength: 40 }), async (damages) => {
          for (const { no, changes } of damages) {
            const bytes = Uint8Array.from(originals[no] ?? []);
            for (const { at, to } of changes) bytes[at % bytes.length] = to;
            peer.socket.write(frame(peer.framing, bytes));
          }
          await pause(1);
        }),
        { numRuns: 40 },
      );
      await peer.until(() => underTest.times("frame_received") === 1_600, "all frames to be read");
      const answers = (): Message[] => peer.heard.filter((message) => message.mti !== "0800");
      await peer.until(() => answers().length === underTest.times("answered"), "all answers to arrive");

      const { authorizations, advices, postings, reversals } = underTest.authorizer;
      const decided = authorizations.length + advices.length + postings.length + reversals.length;
      const approvals = answers().filter(
        (reply) => moneyTypes.test(reply.mti) && /^(00|85)$/.test(reply.get("39") ?? ""),
      );
      expect(approvals.length + underTest.times("late")).to.equal(decided);
      expect(underTest.times("malformed")).to.be.above(0);
      expect(underTest.times("format_error")).to.be.above(0);
      expect(peer.isClosed).to.equal(false);
    });
  }
});
