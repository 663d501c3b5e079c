import { expect } from "chai";
import { plainAcquirer } from "../../simulators/acquirer.ts";
import { mastercardNetwork } from "../../simulators/mastercard-network.ts";
import { MessageTemplate } from "../../simulators/message-template.ts";
import type { Purchase } from "../../simulators/purchase.ts";
import { stanOf, traceOf } from "../../simulators/trace-numbers.ts";
import { visaNetwork } from "../../simulators/visa-network.ts";
import { WireCodec } from "../../simulators/wire-codec.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { grocer, purchaseOf, startMs } from "./small-purchase.ts";

const run = "00Z";
const sentMs = startMs + 61_000;

describe("simulators/message-template", () => {
  for (const side of [visaNetwork, mastercardNetwork, plainAcquirer]) {
    for (const entry of ["ecommerce", "stripe"] as const) {
      for (const mti of ["0100", "0101"] as const) {
        it(`writes what the codec writes: ${mti}, ${entry}, ${side.dialect.name}`, () => {
          const sequence = 123_456_789;
          const sample = purchaseOf({ entry, network: side.name, trace: traceOf(run, 1) });
          const purchase: Purchase = {
            ...sample,
            card: { pan: wirePan("4000008499999994"), expiry: "3102" },
            acceptor: { ...grocer, categoryCode: "7995" },
            amount: minor(98_765_432_101n),
            trace: traceOf(run, sequence),
            startedMs: startMs + 86_400_000,
          };

          const frame = new MessageTemplate(side, sample).write({
            pan: purchase.card.pan,
            expiry: purchase.card.expiry,
            amount: Number(purchase.amount),
            stan: Number(stanOf(sequence)),
            sequence,
            category: purchase.acceptor.categoryCode,
            sentMs,
            startedMs: purchase.startedMs,
            isRepeat: mti === "0101",
          });

          const expected = new WireCodec(side).request(side.request(purchase, mti, sentMs));
          expect(Buffer.from(frame).toString("hex")).to.equal(Buffer.from(expected).toString("hex"));
        });
      }
    }
  }
});
