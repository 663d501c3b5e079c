import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { toKeyBlocks } from "../../src/app/key-blocks.ts";
import { openKeyFile, rotateKeyFile } from "../../src/app/key-file.ts";
import { masterKeyPath } from "../../src/app/key-protection.ts";

describe("app/key-file", () => {
  let folder = "";
  let path = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cardswitch-keys-"));
    path = join(folder, "keys.json");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("creates a file that only its owner may read, and reads the same keys again", () => {
    const first = openKeyFile(path);
    const second = openKeyFile(path);

    expect(first.ok).to.equal(true);
    expect(second).to.deep.equal(first);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  it("refuses a file that others may read, or that is no key file", () => {
    openKeyFile(path);
    chmodSync(path, 0o640);
    expect(openKeyFile(path)).to.have.nested.property("error.code", "key_file_open_to_others");

    for (const text of [
      "",
      "{}",
      '{"format":1,"id_key":"00","vault_keys":[]}',
      '{"format":2,"protection":{"kind":"none"},"keys":[]}',
      '{"format":2,"protection":{"kind":"master_key_file"},"keys":[1]}',
      '{"format":2,"protection":{"kind":"master_key_file"},"keys":[]}',
    ]) {
      writeFileSync(path, text, { mode: 0o600 });
      chmodSync(path, 0o600);
      expect(openKeyFile(path)).to.have.nested.property("error.code", "key_file_unreadable");
    }
  });

  it("refuses what cannot be written or read, and leaves the keys that there are", () => {
    const before = openKeyFile(path);
    mkdirSync(`${path}.new`);

    expect(rotateKeyFile(path)).to.have.nested.property("error.code", "key_file_unwritable");
    expect(openKeyFile(path)).to.deep.equal(before);
    expect(openKeyFile(join(folder, "nowhere", "keys.json"))).to.have.nested.property(
      "error.code",
      "key_file_unwritable",
    );
    rmSync(path);
    mkdirSync(path, { mode: 0o700 });
    expect(openKeyFile(path)).to.have.nested.property("error.code", "key_file_unreadable");
  });

  it("adds a generation of keys in front and keeps the others and the id key", () => {
    const before = openKeyFile(path);
    const after = rotateKeyFile(path);
    if (!before.ok || !after.ok) throw new Error("the key file does not open");

    expect(after.value.idKey).to.deep.equal(before.value.idKey);
    expect(after.value.vaultKeys.map(({ id }) => id)).to.deep.equal([2, 1]);
    expect(after.value.vaultKeys[1]).to.deep.equal(before.value.vaultKeys[0]);
    expect(openKeyFile(path)).to.deep.equal(after);
  });

  it("holds no key in clear, and opens under the master key beside it alone", () => {
    const made = openKeyFile(path);
    if (!made.ok) throw new Error("the key file does not open");
    const { idKey, vaultKeys, cardKeys } = made.value;
    const secrets = [
      idKey,
      ...vaultKeys.flatMap(({ panKey, indexKey }) => [panKey, indexKey]),
      ...cardKeys.map(({ key }) => key),
    ];
    const text = readFileSync(path, "latin1").toLowerCase();

    for (const secret of secrets) {
      expect(text).to.not.include(Buffer.from(secret).toString("hex"));
      expect(text).to.not.include(Buffer.from(secret).toString("base64").toLowerCase());
    }
    expect(statSync(masterKeyPath(path)).mode & 0o777).to.equal(0o600);
    chmodSync(masterKeyPath(path), 0o644);
    expect(openKeyFile(path)).to.have.nested.property("error.code", "key_file_unreadable");
    chmodSync(masterKeyPath(path), 0o600);
    writeFileSync(masterKeyPath(path), "00".repeat(32));
    expect(openKeyFile(path))
      .to.have.nested.property("error.message")
      .that.matches(/encrypted under something else/);
    rmSync(masterKeyPath(path));
    expect(openKeyFile(path)).to.have.nested.property("error.code", "key_file_unreadable");
  });

  it("refuses a file of which one key block was changed or moved under another label", () => {
    openKeyFile(path);
    const text = readFileSync(path, "latin1");

    for (const [before, after] of [
      ["LB07cvk", "LB07pvk"],
      ["C0TC00N", "V1TC00N"],
      ['"D0', '"D1'],
    ] as const) {
      expect(text).to.include(before);
      writeFileSync(path, text.replace(before, after));
      expect(openKeyFile(path), before).to.have.nested.property("error.code", "key_file_unreadable");
    }
  });

  it("opens under a passphrase alone, where one was given, and goes over to one with a rotation", () => {
    const beside = openKeyFile(path, null);
    const moved = rotateKeyFile(path, "correct horse");

    expect(existsSync(masterKeyPath(path))).to.equal(false);
    expect(openKeyFile(path, "correct horse")).to.deep.equal(moved);
    expect(moved.ok && moved.value.cardKeys).to.deep.equal(beside.ok && beside.value.cardKeys);
    expect(openKeyFile(path, "wrong horse"))
      .to.have.nested.property("error.message")
      .that.matches(/something else/);
    expect(openKeyFile(path, null))
      .to.have.nested.property("error.message")
      .that.matches(/set CARDSWITCH_KEY_PASSPHRASE/);
  });

  it("makes the issuer's keys that a file lacks, once", () => {
    const made = openKeyFile(path);
    if (!made.ok) throw new Error("the key file does not open");
    const master = Buffer.from(readFileSync(masterKeyPath(path), "latin1").trim(), "hex");
    const keys = toKeyBlocks(master, { ...made.value, cardKeys: made.value.cardKeys.slice(1) });
    writeFileSync(path, JSON.stringify({ format: 2, protection: { kind: "master_key_file" }, keys }));

    const filled = openKeyFile(path);

    expect(filled.ok && filled.value.cardKeys).to.have.length(made.value.cardKeys.length);
    expect(filled.ok && filled.value.idKey).to.deep.equal(made.value.idKey);
    expect(openKeyFile(path)).to.deep.equal(filled);
  });
});
