import { expect } from "chai";
import { parseIsoTime } from "../../src/kernel/clock.ts";
import { minor } from "../../src/kernel/money.ts";
import { type LedgerAccount, postingsOf } from "../../src/ledger/postings.ts";
import { type JournalEntry, touches } from "../../src/store/entry.ts";
import { unpackEntry } from "../../src/store/journal-entry.ts";
import { luaConstants } from "../../src/store/library.ts";
import { otherSideOf, sideTexts } from "../../src/verify/other-side.ts";
import {
  adviceBytes,
  authorizationBytes,
  commitBytes,
  expiryBytes,
  financialBytes,
  reversalBytes,
} from "../support/journal-writer.ts";

const { ADDED, APPROVED, CAPTURED_HOLD, COMPLETED, EXPIRED, FORCE_POSTED, HELD, LOWERED } = luaConstants;
const { POSTED, PURPOSE_REFUND, RELEASED, REPOSTED } = luaConstants;
const at = { businessMs: parseIsoTime("2026-11-22T19:00:00Z") ?? 0, available: 0n, held: 0n };
const visa = { network: 1, settlementDate: "1123" } as const;

function entryOf(bytes: Uint8Array): JournalEntry {
  return unpackEntry(3, 7, bytes);
}

const amount = 6_00n;
const before = 20_00n;
const between: readonly JournalEntry[] = [
  authorizationBytes({}, { ...at, outcome: APPROVED, approved: amount }),
  adviceBytes({}, { ...at, outcome: HELD, amount }),
  adviceBytes({}, { ...at, outcome: ADDED, amount }),
  adviceBytes({}, { ...at, outcome: COMPLETED, amount, before }),
  adviceBytes({}, { ...at, outcome: RELEASED, amount }),
  reversalBytes({ network: 1 }, { ...at, outcome: RELEASED, amount }),
  reversalBytes({ network: 1 }, { ...at, outcome: LOWERED, amount }),
  expiryBytes({}, { ...at, outcome: EXPIRED, amount }),
].map(entryOf);
const position = "network_payable:visa:20261123";
const today = "network_payable:visa:20261122";
const outside: readonly [JournalEntry, string][] = [
  [entryOf(financialBytes(visa, { ...at, outcome: POSTED, amount })), `600 to ${position}`],
  [
    entryOf(financialBytes({ ...visa, purpose: PURPOSE_REFUND }, { ...at, outcome: POSTED, amount })),
    `-600 to ${position}`,
  ],
  [entryOf(financialBytes(visa, { ...at, outcome: FORCE_POSTED, amount })), `600 to ${position}`],
  [entryOf(financialBytes(visa, { ...at, outcome: CAPTURED_HOLD, amount, before })), `600 to ${position}`],
  [
    entryOf(reversalBytes({ network: 1 }, { ...at, outcome: REPOSTED, amount, touched: touches.debit })),
    `-600 to ${today}`,
  ],
  [
    entryOf(reversalBytes({ network: 1 }, { ...at, outcome: REPOSTED, amount, touched: touches.credit })),
    `600 to ${today}`,
  ],
  [entryOf(commitBytes({ objectType: "topup", currency: 840 }, { ...at, moved: amount })), "-600 to external_bank"],
];

describe("verify/other-side", () => {
  it("leaves to nobody what is held, added, completed, released, lowered or expired", () => {
    for (const entry of between) {
      expect(sideTexts(entry, postingsOf(entry))).to.deep.equal({ expected: "nothing", found: "nothing" });
      expect(otherSideOf(entry)).to.include({ number: 0, gets: 0n });
    }
  });

  it("owes the network, on its settlement day, what is posted or captured, and the bank what was topped up", () => {
    for (const [entry, text] of outside) {
      expect(sideTexts(entry, postingsOf(entry))).to.deep.equal({ expected: text, found: text });
    }
    expect(outside.map(([entry]) => otherSideOf(entry).number)).to.deep.equal([
      1_20261123, 1_20261123, 1_20261123, 1_20261123, 1_20261122, 1_20261122, 1,
    ]);
  });

  it("finds postings that go to another side, to none, or to one where there is none", () => {
    const to = (account: LedgerAccount, paid: bigint) => [{ account, currency: 840, amount: minor(paid) }];
    const wrong: readonly LedgerAccount[] = [
      "external_bank",
      "network_payable:mastercard:20261123",
      "network_payable:visa:20261124",
    ];

    const unseen: string[] = [];
    const judge = (entry: JournalEntry, postings: ReturnType<typeof to>): void => {
      const { expected, found } = sideTexts(entry, postings);
      if (expected === found) unseen.push(`${entry.kind}: ${found}`);
    };
    for (const entry of between) for (const account of wrong) judge(entry, to(account, amount));
    for (const [entry] of outside) {
      const { gets } = otherSideOf(entry);
      const others = entry.kind === "commit" ? wrong.slice(1) : wrong;
      for (const account of others) judge(entry, to(account, gets));
      judge(entry, []);
      judge(entry, to(entry.kind === "commit" ? "external_bank" : position, -gets));
    }

    expect(unseen).to.deep.equal([]);
  });

  it("lets a commit that is no top-up move nothing", () => {
    const card = entryOf(commitBytes({ objectType: "card", currency: 840 }, { ...at, moved: amount }));

    expect(sideTexts(card, postingsOf(card))).to.deep.equal({ expected: "nothing", found: "-600 to external_bank" });
  });
});
