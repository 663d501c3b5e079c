import { expect } from "chai";
import { DoubtfulMessages } from "../../src/authorizer/doubtful.ts";
import type { MessageIdentity } from "../../src/authorizer/request.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";

const message: MessageIdentity = {
  network: "visa",
  pan: wirePan("4000008412345678"),
  stan: "000123",
  acquirer: "400001",
  rrn: "632912345678",
  networkChain: null,
  localTime: "",
  localDate: "",
  merchant: { terminal: "", id: "", nameLocation: "" },
  processingCode: "000000",
  transactionAmount: minor(1),
  transactionCurrency: 840,
};
const refused = { outcome: "refused", cause: "breaker open" } as const;
const unknown = { outcome: "unknown", cause: "no answer in time" } as const;

describe("authorizer/doubtful", () => {
  it("lets a message that never ran be answered 91", () => {
    expect(new DoubtfulMessages().settle(message, refused)).to.deep.equal(refused);
  });

  it("keeps silent about a duplicate that is refused after its original's outcome was not known", () => {
    const doubtful = new DoubtfulMessages();

    doubtful.settle(message, unknown);

    expect(doubtful.settle({ ...message, networkChain: "1" }, refused).outcome).to.equal("unknown");
    expect(doubtful.settle({ ...message, stan: "000124" }, refused)).to.deep.equal(refused);
  });

  it("forgets the oldest first, and stays bounded", () => {
    const doubtful = new DoubtfulMessages();
    for (let i = 0; i <= 50_000; i++) doubtful.settle({ ...message, rrn: String(i) }, unknown);

    expect(doubtful.settle({ ...message, rrn: "0" }, refused).outcome).to.equal("refused");
    expect(doubtful.settle({ ...message, rrn: "1" }, refused).outcome).to.equal("unknown");
  });
});
