import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { type KeyAttributes, unwrapKey, wrapKey } from "../../src/hsm/key-block.ts";
import { KeyStore } from "../../src/hsm/key-store.ts";
import { cardKeys, missingCardKeys } from "../../src/hsm/new-card-keys.ts";

const attributes: KeyAttributes = {
  usage: "C0",
  algorithm: "T",
  mode: "C",
  version: "00",
  exportability: "N",
  label: "cvk",
};

// The examples of TR-31:2018, A.7.2.1, A.7.2.2 and A.7.4.
const examples = [
  {
    protection: "89e88cf7931444f334bd7547fc3f380c",
    block: "A0072P0TE00E0000F5161ED902807AF26F1D62263644BD24192FDB3193C730301CEE8701",
    key: "f039121bec83d26b169bdcd5b22aaf8f",
  },
  {
    protection: "dd7515f2bfc17f85ce48f3ca25cb21f6",
    block: "B0080P0TE00E000094B420079CC80BA3461F86FE26EFC4A3B8E4FA4C5F5341176EED7B727B8A248E",
    key: "3f419e1cb7079442aa37474c2efbf8b8",
  },
  {
    protection: "88e1ab2a2e3dd38c1fa039a536500cc8a87ab9d62dc92c01058fa79f44657de6",
    block:
      "D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E417C07156A27E8E31DA05F7425509593D03A457DC34",
    key: "3f419e1cb7079442aa37474c2efbf8b8",
  },
] as const;

describe("hsm/key-block", () => {
  for (const { protection, block, key } of examples) {
    it(`opens the standard's own key block of version ${block.charAt(0)}`, () => {
      const opened = unwrapKey(Buffer.from(protection, "hex"), block);

      expect(opened.ok && opened.value.key.toString("hex")).to.equal(key);
      expect(opened.ok && opened.value.attributes).to.include({
        usage: "P0",
        mode: "E",
        exportability: "E",
        label: null,
      });
    });

    it(`refuses that block where any of its characters is another`, () => {
      for (let at = 0; at < block.length; at++) {
        const changed = `${block.slice(0, at)}${block[at] === "1" ? "2" : "1"}${block.slice(at + 1)}`;
        expect(unwrapKey(Buffer.from(protection, "hex"), changed)).to.include({ ok: false });
      }
    });
  }

  it("gives back what was wrapped, with its label, under version D and version B", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 32 }), fc.integer({ min: 0, max: 64 }), (key, length) => {
        const wanted = { ...attributes, label: length === 0 ? null : "l".repeat(length) };
        for (const [version, bytes] of [
          ["D", 32],
          ["B", 24],
        ] as const) {
          const protection = randomBytes(bytes);
          const block = wrapKey(version, protection, { attributes: wanted, key: Buffer.from(key) });

          expect(unwrapKey(protection, block)).to.deep.equal({
            ok: true,
            value: { attributes: wanted, key: Buffer.from(key) },
          });
          expect(unwrapKey(randomBytes(bytes), block)).to.deep.equal({ ok: false, error: "bad_authenticator" });
        }
      }),
      { numRuns: 30 },
    );
  });

  it("says of a block that is none, is cut or is of an unknown use, what is wrong", () => {
    const protection = randomBytes(32);
    const block = wrapKey("D", protection, { attributes, key: randomBytes(16) });

    expect(unwrapKey(protection, "")).to.deep.equal({ ok: false, error: "bad_header" });
    expect(unwrapKey(protection, `Z${block.slice(1)}`)).to.deep.equal({ ok: false, error: "bad_header" });
    expect(unwrapKey(protection, block.slice(0, -2))).to.deep.equal({ ok: false, error: "bad_header" });
    expect(unwrapKey(protection, `D0016C0TC00N0000`)).to.deep.equal({ ok: false, error: "bad_length" });
    expect(unwrapKey(randomBytes(16), `B${block.slice(1)}`)).to.include({ ok: false });
    expect(() => wrapKey("D", randomBytes(15), { attributes, key: randomBytes(16) })).to.throw("does not fit");
  });
});

describe("hsm/key-store", () => {
  it("lets a key do what its usage says and nothing else", () => {
    const store = new KeyStore(missingCardKeys([]));

    expect(() => store.cardVerification("pvk")).to.throw("is for V1, not for C0");
    expect(() => store.pinVerification("cvk")).to.throw("is for C0, not for V1");
    expect(() => store.issuer("imk-ac", "E4")).to.throw("is for E0, not for E4");
    expect(() => store.issuer("imk-dn", "E0")).to.throw("is for E4, not for E0");
    expect(() => store.cardVerification("nobody's")).to.throw("there is no key");
    const verifier = { ...attributes, mode: "V", label: "cvk" } as const;
    expect(() => new KeyStore([{ attributes: verifier, key: randomBytes(16) }]).cardVerification("cvk")).to.throw(
      "may not be",
    );
  });

  it("makes the keys that are missing and leaves those that there are", () => {
    const all = missingCardKeys([]);

    expect(all.map(({ attributes: { label } }) => label)).to.deep.equal(Object.keys(cardKeys));
    expect(missingCardKeys(all)).to.deep.equal([]);
    expect(missingCardKeys(all.slice(1)).map(({ attributes: { label } }) => label)).to.deep.equal(["cvk"]);
  });

  it("gives every link its own PIN key, always the same one, until a key of that link is stored", () => {
    const keys = missingCardKeys([]);
    const store = new KeyStore(keys);
    const stored = {
      attributes: { ...attributes, usage: "P0", mode: "B", label: "zone-pin:visa" } as const,
      key: Buffer.from("3f419e1cb7079442aa37474c2efbf8b8", "hex"),
    };

    expect(store.zonePinCheckValue("visa")).to.equal(new KeyStore(keys).zonePinCheckValue("visa"));
    expect(store.zonePinCheckValue("visa")).to.not.equal(store.zonePinCheckValue("mastercard"));
    expect(new KeyStore([...keys, stored]).zonePinCheckValue("visa")).to.equal("57C409");
    expect(new KeyStore([...keys, stored]).zonePin("visa").encrypt(Buffer.alloc(8)).toString("hex")).to.match(
      /^57c409/,
    );
  });

  it("shows of a key what tells it from others and nothing of itself", () => {
    const keys = missingCardKeys([]);
    const shown = JSON.stringify(new KeyStore(keys).describe());

    for (const { key } of keys) expect(shown.toLowerCase()).to.not.include(key.toString("hex"));
    expect(shown).to.match(/"checkValue":"[0-9A-F]{6}"/);
  });
});
