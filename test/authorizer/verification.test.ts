import { expect } from "chai";
import type { CardView } from "../../src/authorizer/card-view.ts";
import type { DeclineCheck } from "../../src/authorizer/decision.ts";
import { type Proofs, detailsOf, pinTried } from "../../src/authorizer/proofs.ts";
import type { Purpose } from "../../src/authorizer/request.ts";
import { Verifier } from "../../src/authorizer/verification.ts";
import { CardCodes } from "../../src/hsm/card-codes.ts";
import type { WrappedKey } from "../../src/hsm/key-block.ts";
import { KeyStore } from "../../src/hsm/key-store.ts";
import { missingCardKeys } from "../../src/hsm/new-card-keys.ts";
import { PinCheck } from "../../src/hsm/pin-check.ts";
import { readDetails } from "../../src/ledger/entry-details.ts";
import { must } from "../../src/kernel/assert.ts";
import { type Pan, wirePan } from "../../src/kernel/pan.ts";
import { ChipCard, type ChipVersion, chipVersions, pinBlock, signedTags } from "../support/chip-card.ts";

const pan = wirePan("4000008412345678");
const mastercardPan = wirePan("2223008412345670");
const view = { expiry: 2912 } as const satisfies Partial<CardView>;
const versions = Object.keys(chipVersions) as ChipVersion[];

describe("authorizer/verification", () => {
  const keys = missingCardKeys([]);
  const store = new KeyStore(keys);
  const verifier = new Verifier(store);

  it("looks at nothing where a request brings nothing", () => {
    expect(refusalOf(pan, null)).to.equal(null);
    expect(refusalOf(pan, proofs({}))).to.equal(null);
  });

  it("declines a code on the back that is not the card's, and says what came of it", () => {
    const right = new CardCodes(store).cvc2(pan, view.expiry);
    const wrong = String((Number(right) + 1) % 1000).padStart(3, "0");
    const [good, bad, empty] = [right, wrong, ""].map((cvc2) => proofs({ cvc2 }));

    expect([good, bad, empty].map((given) => refusalOf(pan, given))).to.deep.equal([null, "cvc", "cvc"]);
    expect(good?.verified).to.include({ cvc2: "match", pin: "not_provided", cryptogram: "not_provided" });
    expect(bad?.verified).to.include({ cvc2: "mismatch" });
  });

  it("declines a PIN that is not the card's, or that came under the key of another link", () => {
    const pin = new PinCheck(store).initialPin(pan).join("");
    const wrong = String((Number(pin) + 1) % 10_000).padStart(4, "0");
    const stored = zoneKey("visa-style");
    const under = new Verifier(new KeyStore([...keys, stored]));
    const given = (text: string, link = "visa-style", of: string = pan) =>
      proofs({ pin: { link, block: Buffer.from(pinBlock(stored.key, of, text), "hex") } });

    const outcomes = [
      given(pin),
      given(wrong),
      given(`${pin}0`),
      given(pin, "mastercard-style"),
      given(pin, "visa-style", "4000008412345686"),
    ].map((one) => under.refusalOf(pan, view as CardView, one));

    expect(outcomes).to.deep.equal([null, "pin", "pin", "pin", "pin"]);
    expect(
      under.refusalOf(pan, view as CardView, proofs({ pin: { link: "visa-style", block: Buffer.alloc(7) } })),
    ).to.equal("pin");
  });

  for (const version of versions) {
    const cardPan = version.startsWith("M/Chip") ? mastercardPan : pan;

    it(`finds a cryptogram of ${version} right, and wrong where any byte that it signs is another`, () => {
      const chip = new ChipCard(issuerKey(), cardPan);
      const tags = chip.tags(version);

      expect(refusalOf(cardPan, proofs({ chip: chipProof(tags) }))).to.equal(null);
      for (const tag of [...signedTags, "9F26"]) {
        const first = tags[tag]?.startsWith("f") === true ? "0" : "f";
        const changed = { ...tags, [tag]: `${first}${tags[tag]?.slice(1)}` };
        expect(refusalOf(cardPan, proofs({ chip: chipProof(changed) })), tag).to.equal("cryptogram");
      }
      const other = new ChipCard(issuerKey(), "4000008400000000").tags(version);
      expect(refusalOf(cardPan, proofs({ chip: chipProof(other) }))).to.equal("cryptogram");
    });

    it(`answers a cryptogram of ${version} with tag 91 that the chip accepts, for an approval and for a decline`, () => {
      const chip = new ChipCard(issuerKey(), cardPan);
      const tags = chip.tags(version);
      const given = proofs({ chip: chipProof(tags) });
      refusalOf(cardPan, given);
      const answer = must(given.verified?.issuerAuthentication, "an answer to the chip");

      const [yes, no] = [answer(true, "00"), answer(false, "51")].map((bytes) => Buffer.from(bytes).toString("hex"));

      for (const tag91 of [yes, no]) expect(chip.accepts(version, tags, tag91 ?? ""), tag91).to.equal(true);
      expect(yes).to.not.equal(no);
      expect(chip.accepts(version, { ...tags, "9F26": "0000000000000000" }, yes ?? "")).to.equal(false);
    });
  }

  it("says nothing to a chip whose cryptogram is wrong, and cannot verify a version that it does not know", () => {
    const tags = new ChipCard(issuerKey(), pan).tags("visa-style 10");
    const wrong = proofs({ chip: chipProof({ ...tags, "9F36": "0008" }) });
    const unknown = proofs({ chip: chipProof({ ...tags, "9F10": "06010003a0a000" }) });

    expect([wrong, unknown].map((given) => refusalOf(pan, given))).to.deep.equal(["cryptogram", null]);
    expect(wrong.verified?.issuerAuthentication).to.equal(null);
    expect(unknown.verified).to.include({ cryptogram: "not_provided", issuerAuthentication: null });
  });

  it("declines by the first check in the order of the decision, where several fail", () => {
    const chip = chipProof({ ...new ChipCard(issuerKey(), pan).tags("visa-style 10"), "9F36": "0008" });
    const pin = { link: "generic", block: Buffer.alloc(8) };

    expect(refusalOf(pan, proofs({ cvc2: "", pin, chip }))).to.equal("cvc");
    expect(refusalOf(pan, proofs({ pin, chip }))).to.equal("pin");
  });

  it("counts a PIN only where no check in front of it has declined, and never that of a credit", () => {
    const given = proofs({ pin: { link: "generic", block: Buffer.alloc(8) } });
    refusalOf(pan, given);
    const tried = (refusal: DeclineCheck | null, purpose: Purpose = "purchase") =>
      pinTried({ purpose, proofs: given }, refusal);

    expect([tried("pin"), tried("cvc"), tried("category")]).to.deep.equal([2, 2, 2]);
    expect([tried("card_inactive"), tried("card_expired"), tried("cardholder_blocked")]).to.deep.equal([0, 0, 0]);
    expect([tried(null, "refund"), pinTried({ purpose: "purchase" }, null)]).to.deep.equal([0, 0]);
  });

  it("tells the entry what came of code and PIN, and nothing where nothing was sent", () => {
    const right = new CardCodes(store).cvc2(pan, view.expiry);
    const pin = { link: "generic", block: Buffer.alloc(8) };
    const told = [{ cvc2: right }, { cvc2: "" }, { pin }, { cvc2: right, pin }, {}].map((sent) => {
      const given = proofs(sent);
      refusalOf(pan, given);
      return readDetails(detailsOf({ proofs: given }));
    });

    expect(told).to.deep.equal([
      { verification_data: { cvc_check: "match" } },
      { verification_data: { cvc_check: "mismatch" } },
      { pin_check: "mismatch" },
      { verification_data: { cvc_check: "match" }, pin_check: "mismatch" },
      {},
    ]);
    expect(detailsOf({ details: "{}" })).to.equal("{}");
  });

  function refusalOf(of: Pan, given: Proofs | null | undefined) {
    return verifier.refusalOf(of, view as CardView, given);
  }

  function issuerKey(): Uint8Array {
    return must(
      keys.find(({ attributes }) => attributes.label === "imk-ac"),
      "the issuer's key",
    ).key;
  }
});

function proofs(given: Partial<Proofs>): Proofs {
  return { cvc2: null, pin: null, chip: null, verified: null, ...given };
}

function chipProof(tags: Readonly<Record<string, string>>): NonNullable<Proofs["chip"]> {
  const bytes = (tag: string) => Buffer.from(tags[tag] ?? "", "hex");
  return {
    cryptogram: bytes("9F26"),
    sequence: "00",
    data: {
      signed: Buffer.concat(signedTags.map(bytes)),
      atc: bytes("9F36"),
      unpredictable: bytes("9F37"),
      issuerData: bytes("9F10"),
    },
  };
}

function zoneKey(link: string): WrappedKey {
  const label = `zone-pin:${link}`;
  const attributes = { usage: "P0", algorithm: "T", mode: "B", version: "00", exportability: "N", label } as const;
  return { attributes, key: Buffer.from("3f419e1cb7079442aa37474c2efbf8b8", "hex") };
}
