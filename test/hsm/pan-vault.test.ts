import { expect } from "chai";
import { PanVault, newVaultKey } from "../../src/hsm/pan-vault.ts";
import { wirePan } from "../../src/kernel/pan.ts";

const pan = wirePan("4000008412345678");

describe("hsm/pan-vault", () => {
  it("opens what it sealed, for the same owner only", () => {
    const vault = new PanVault([newVaultKey(1)]);
    const sealed = vault.seal(pan, "0/1");

    expect(vault.open(sealed, "0/1")).to.equal(pan);
    expect(() => vault.open(sealed, "0/2")).to.throw();
    expect(Buffer.from(sealed, "base64").toString("latin1")).to.not.include(pan);
  });

  it("refuses a sealed PAN of which a single bit was changed", () => {
    const vault = new PanVault([newVaultKey(1)]);
    const sealed = Buffer.from(vault.seal(pan, "0/1"), "base64");

    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => vault.open(changed.toString("base64"), "0/1")).to.throw();
    }
  });

  it("opens and finds under older keys after a rotation, and files under the newest", () => {
    const old = newVaultKey(1);
    const before = new PanVault([old]);
    const after = new PanVault([newVaultKey(2), old]);

    expect(after.open(before.seal(pan, "0/1"), "0/1")).to.equal(pan);
    expect(after.indexesOf(pan)[1]).to.deep.equal(before.indexOf(pan));
    expect(after.indexOf(pan)).to.not.deep.equal(before.indexOf(pan));
    expect(() => before.open(after.seal(pan, "0/1"), "0/1")).to.throw("gone");
  });
});
