import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openKeyFile, rotateKeyFile } from "../../src/app/key-file.ts";

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

    for (const text of ["", "{}", '{"format":1,"id_key":"00","vault_keys":[]}']) {
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
});
