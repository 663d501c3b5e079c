import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { newKeyMaterial, openKeyFile } from "../../src/app/key-file.ts";
import { CardCodes } from "../../src/hsm/card-codes.ts";
import { checkValue } from "../../src/hsm/check-value.ts";
import { unwrapKey, wrapKey } from "../../src/hsm/key-block.ts";
import { KeyStore } from "../../src/hsm/key-store.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { command, freshFolder } from "../support/command.ts";

const pan = "4242424242424242";
const under = "00112233445566778899aabbccddeeff";

describe("cardswitch keys", () => {
  let folder: ReturnType<typeof freshFolder>;

  before(() => {
    folder = freshFolder();
    openKeyFile(join(folder.path, "keys.json"));
  });

  after(() => folder.remove());

  it("lists the issuer's keys by use and check value, and none of them in clear", async () => {
    const { code, stdout } = await keys("list", "--json");
    const { keys: listed } = JSON.parse(stdout) as { keys: { label: string; usage: string; checkValue: string }[] };

    expect(code).to.equal(0);
    expect(listed.map(({ label }) => label)).to.deep.equal(["cvk", "pvk", "imk-ac", "imk-dn", "zone-pin"]);
    for (const { key } of material().cardKeys) expect(stdout).to.not.include(key.toString("hex"));
  });

  it("tells whoever tests cards what one bears, and the key of its chip under a key of theirs", async () => {
    const store = new KeyStore(material().cardKeys);
    const shown = JSON.parse((await keys("card", pan, "--expiry", "2912", "--under", under, "--json")).stdout) as Shown;

    expect(shown.cvc2).to.equal(new CardCodes(store).cvc2(wirePan(pan), 2912));
    expect(shown.pin).to.match(/^\d{4}$/);
    const opened = unwrapKey(Buffer.from(under, "hex"), shown.cardKey);
    expect(opened.ok && opened.value.attributes.usage).to.equal("E0");
  });

  it("gives the PIN key of a link under a key of the other end, with the check value that it has there", async () => {
    const shown = JSON.parse((await keys("zone", "visa-style", "--under", under, "--json")).stdout) as Shown;
    const opened = unwrapKey(Buffer.from(under, "hex"), shown.key);

    expect(opened.ok && checkValue(opened.value.key)).to.equal(shown.checkValue);
    expect(opened.ok && opened.value.attributes).to.include({ usage: "P0", mode: "B" });
  });

  it("takes a link's PIN key from the other end, by the check value that it has there, and nothing but such a key", async () => {
    const own = freshFolder();
    const dir = ["--data-dir", own.path];
    await command(["cards", "generate", "--count", "1", "--csv", join(own.path, "cards.csv"), ...dir]);
    const theirs = { label: null, algorithm: "T", mode: "B", version: "00", exportability: "E" } as const;
    const block = (usage: "P0" | "C0") =>
      wrapKey("D", Buffer.from(under, "hex"), {
        attributes: { ...theirs, usage },
        key: Buffer.from("3f419e1cb7079442aa37474c2efbf8b8", "hex"),
      });

    const taken = await command(["keys", "load", "visa-style", block("P0"), "--under", under, ...dir]);
    const other = await command(["keys", "load", "visa-style", block("C0"), "--under", under, ...dir]);
    const closed = await command(["keys", "load", "visa-style", block("P0"), "--under", "11".repeat(16), ...dir]);
    const zones = ["visa-style", "generic"].map((link) => command(["keys", "zone", link, "--json", ...dir]));
    const [visa, generic] = (await Promise.all(zones)).map(({ stdout }) => JSON.parse(stdout) as Shown);
    own.remove();

    expect([taken.code, other.code, closed.code]).to.deep.equal([0, 2, 2]);
    expect(visa?.checkValue).to.equal("57C409");
    expect(generic?.checkValue).to.not.equal("57C409");
  });

  it("ends with 2 at what is no PAN, no expiry and no key, and with 3 where there is no data set, which it does not make", async () => {
    const nowhere = join(folder.path, "nowhere");
    const wrong = [
      await keys("card", "4242424242424241", "--expiry", "2912"),
      await keys("card", pan, "--expiry", "2913"),
      await keys("zone", "visa-style", "--under", "00"),
      await keys("zone", "x".repeat(49)),
    ];

    for (const { code, stderr } of wrong) expect([code, stderr.split("\n").length]).to.deep.equal([2, 2]);
    expect((await command(["keys", "list", "--data-dir", nowhere])).code).to.equal(3);
    expect(existsSync(nowhere)).to.equal(false);
  });

  function keys(...args: string[]) {
    return command(["keys", ...args, "--data-dir", folder.path]);
  }

  function material() {
    const opened = openKeyFile(join(folder.path, "keys.json"));
    return opened.ok ? opened.value : newKeyMaterial();
  }
});

interface Shown {
  readonly cvc2: string;
  readonly pin: string;
  readonly cardKey: string;
  readonly checkValue: string;
  readonly key: string;
}
