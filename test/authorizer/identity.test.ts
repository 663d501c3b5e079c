import { expect } from "chai";
import { hash64, keysOf, originalFunctions, originalKeyOf } from "../../src/authorizer/identity.ts";
import type { MessageFunction, MessageIdentity } from "../../src/authorizer/request.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";

const message: MessageIdentity = {
  network: "visa",
  pan: wirePan("4000008412345678"),
  stan: "000123",
  acquirer: "400001",
  rrn: "632912345678",
  networkChain: "123456789012345",
  localTime: "101500",
  localDate: "1122",
  merchant: { terminal: "TERM0001", id: "MERCHANT0000001", nameLocation: "CORNER SHOP" },
  processingCode: "000000",
  transactionAmount: minor(1000),
  transactionCurrency: 840,
};
const panIndex = "sixteen bytes...";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

describe("authorizer/identity", () => {
  const keys = keysOf(message, "authorization", panIndex);

  it("gives a repeat the key of its original, whatever else it brings", () => {
    const others: Partial<MessageIdentity>[] = [
      { networkChain: null },
      { transactionAmount: minor(9) },
      { localTime: "101501" },
      { merchant: { ...message.merchant, terminal: "TERM0002" } },
      { processingCode: "200000" },
      { transactionCurrency: 978 },
    ];

    for (const change of others) {
      const { messageKey } = keysOf({ ...message, ...change }, "authorization", panIndex);
      expect(hex(messageKey)).to.equal(hex(keys.messageKey));
    }
  });

  it("tells messages apart by network, function, PAN, DE11, DE32 and DE37, also where digits move between fields", () => {
    const others: Uint8Array[] = [
      keysOf({ ...message, network: "mastercard" }, "authorization", panIndex).messageKey,
      keysOf(message, "reversal", panIndex).messageKey,
      keysOf(message, "authorization", "another index...").messageKey,
      keysOf({ ...message, stan: "000124" }, "authorization", panIndex).messageKey,
      keysOf({ ...message, acquirer: "40000", rrn: "1632912345678" }, "authorization", panIndex).messageKey,
      keysOf({ ...message, rrn: "632912345679" }, "authorization", panIndex).messageKey,
    ];

    expect(new Set([keys.messageKey, ...others].map(hex)).size).to.equal(others.length + 1);
  });

  it("names the original of a reversal by the original's function and DE11", () => {
    const reversal = { ...message, stan: "000999" };
    const named = (function_: MessageFunction, stan: string) =>
      hex(originalKeyOf(reversal, panIndex, { function: function_, stan }));

    expect(named("authorization", "000123")).to.equal(hex(keys.messageKey));
    expect(named("authorization", "000124")).to.not.equal(hex(keys.messageKey));
    expect(named("financial", "000123")).to.not.equal(hex(keys.messageKey));
  });

  it("looks for an original where DE90 tells it, and for that of a 0120 where its 0100 is", () => {
    expect(originalFunctions("financial_advice", "any")).to.deep.equal(["financial_advice"]);
    expect(originalFunctions("advice", "any")).to.deep.equal(["authorization"]);
    expect(originalFunctions(null, "any")).to.deep.equal(["authorization", "financial", "financial_advice"]);
    expect(originalFunctions(undefined, "financial_advice")).to.deep.equal(["authorization", "financial"]);
  });

  it("names a chain by the network's id, and on plain ISO 87 by PAN, DE32 and DE37", () => {
    const other = { ...message, stan: "000777", rrn: "000000000001" };
    const plain = { ...message, network: "generic", networkChain: null } as const;

    expect(hex(keysOf(other, "authorization", "x").chainKey)).to.equal(hex(keys.chainKey));
    const first = keysOf(plain, "authorization", panIndex);
    expect(hex(keysOf({ ...plain, stan: "000777" }, "reversal", panIndex).chainKey)).to.equal(hex(first.chainKey));
    expect(hex(keysOf({ ...plain, rrn: "1" }, "authorization", panIndex).chainKey)).to.not.equal(hex(first.chainKey));
  });

  it("puts amount, currency, processing code, DE12, DE13, DE41 and DE42 into the fingerprint", () => {
    const changes: Partial<MessageIdentity>[] = [
      { transactionAmount: minor(1001) },
      { transactionAmount: minor(1000 + 2 ** 32) },
      { transactionCurrency: 978 },
      { processingCode: "200000" },
      { localTime: "101501" },
      { localDate: "1123" },
      { merchant: { ...message.merchant, terminal: "TERM0002" } },
      { merchant: { ...message.merchant, id: "MERCHANT0000002" } },
    ];
    const prints = changes.map((change) => keysOf({ ...message, ...change }, "authorization", panIndex).fingerprint);

    expect(new Set([keys.fingerprint, ...prints].map(hex)).size).to.equal(changes.length + 1);
  });

  it("spreads a million keys that differ in one digit without a collision", () => {
    const seen = new Set<string>();
    for (let i = 0; i < 1_000_000; i++) seen.add(Buffer.from(hash64(`4000008412345678|${i}`)).toString("latin1"));

    expect(seen.size).to.equal(1_000_000);
  });
});
