import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type DataSet, openDataSet, removeIfTemporary } from "../../src/app/data-set.ts";
import { openKeyFile, rotateKeyFile } from "../../src/app/key-file.ts";
import { masterKeyPath } from "../../src/app/key-protection.ts";
import { secureRandom } from "../../src/kernel/random.ts";
import { freshFolder } from "../support/command.ts";

describe("app/data-set", () => {
  let folder: ReturnType<typeof freshFolder>;
  beforeEach(() => {
    folder = freshFolder();
  });
  afterEach(() => folder.remove());

  function open(shardCount: number | null = null, isSharingRedis = false) {
    return openDataSet({
      dir: join(folder.path, "data"),
      shardCount,
      isSharingRedis,
      mayCreate: true,
      random: secureRandom,
    });
  }

  function opened(shardCount: number | null = null): DataSet {
    const dataSet = open(shardCount);
    return dataSet.ok ? dataSet.value : expect.fail(dataSet.error.message);
  }

  function refused(shardCount: number | null = null): string {
    const dataSet = open(shardCount);
    return dataSet.ok ? expect.fail("it was opened") : `${dataSet.error.code}: ${dataSet.error.message}`;
  }

  it("is the same data set, with the same keys, when it is opened again", () => {
    const first = opened(4);
    const again = opened();

    expect(first).to.include({ isNew: true, shardCount: 4 });
    expect(again).to.include({ isNew: false, shardCount: 4, id: first.id, namespace: first.namespace });
    expect(again.keys).to.deep.equal(first.keys);
    expect(statSync(first.keyFile).mode & 0o777).to.equal(0o600);
  });

  it("keeps its number of shards: a PAN's place hangs on it", () => {
    opened(4);

    expect(refused(8)).to.match(/^bad_data_set: the data set in .* has 4 shards, and that is fixed; --shards says 8$/);
  });

  it("never makes new keys for cards that were sealed under others", () => {
    rmSync(opened().keyFile);

    expect(refused()).to.match(/^key_file: .* is missing; without it nobody can read the cards of this data set$/);
  });

  it("refuses the keys of another data set, and takes its own again, rotated or not", () => {
    const { keyFile } = opened();
    const [own, other] = [join(folder.path, "own.json"), join(folder.path, "other.json")];
    copyFileSync(keyFile, own);
    openKeyFile(other);

    copyFileSync(other, keyFile);
    expect(refused()).to.match(/^key_file: .*keys\.json does not open: its keys were encrypted under something else$/);

    const master = masterKeyPath(keyFile);
    renameSync(master, masterKeyPath(own));
    copyFileSync(masterKeyPath(other), master);
    expect(refused()).to.match(/^key_file: .*keys\.json has the keys of another data set than .*$/);

    copyFileSync(own, keyFile);
    copyFileSync(masterKeyPath(own), master);
    expect(rotateKeyFile(keyFile)).to.include({ ok: true });
    expect(opened().keys.vaultKeys).to.have.length(2);
  });

  it("remembers from now on whose keys it has, where it was made before it did", () => {
    const { dir, id, keyFile } = opened();
    const description = join(dir, "data-set.json");
    const { id_key_fingerprint: _, ...older } = JSON.parse(readFileSync(description, "utf8")) as Record<
      string,
      unknown
    >;
    writeFileSync(description, JSON.stringify(older));

    expect(opened()).to.include({ isNew: false, id });
    rmSync(keyFile);
    openKeyFile(keyFile);

    expect(refused()).to.include("keys of another data set");
  });

  it("says in one line what it cannot write", () => {
    const { dir } = opened();
    rmSync(join(dir, "data-set.json"));
    mkdirSync(join(dir, "data-set.json.new"));
    expect(refused()).to.match(/^bad_data_set: .*data-set\.json cannot be written: EISDIR.*$/);

    rmSync(join(dir, "keys.json"));
    mkdirSync(join(dir, "keys.json.new"));
    expect(refused()).to.match(/^key_file: .*keys\.json cannot be written: EISDIR.*$/);
  });

  it("refuses records that nothing says the owner of, and a description that it cannot read", () => {
    const { dir, recordsPath } = opened();
    writeFileSync(join(dir, "data-set.json"), "{}");
    expect(refused()).to.include("cannot be read as that of a data set");

    rmSync(join(dir, "data-set.json"));
    writeFileSync(recordsPath, "");
    expect(refused()).to.include("has records, but no data-set.json");
  });

  it("is not made where only what there is was asked for: neither in a folder, nor a folder for it", () => {
    const options = { shardCount: null, isSharingRedis: false, mayCreate: false, random: secureRandom };
    const nowhere = join(folder.path, "nowhere");

    for (const dir of [folder.path, nowhere, null]) {
      expect(openDataSet({ ...options, dir })).to.have.nested.property("error.code", "bad_data_set");
    }
    expect([readdirSync(folder.path), existsSync(nowhere)]).to.deep.equal([[], false]);
    expect(openDataSet({ ...options, dir: opened().dir })).to.include({ ok: true });
  });

  it("has a namespace of its own in a Redis that it shares with others", () => {
    const shared = open(null, true);

    expect(shared.ok && shared.value.namespace === `cs-${shared.value.id}`).to.equal(true);
  });

  it("goes with its process where it has no folder, and only then", () => {
    const temporary = openDataSet({
      dir: null,
      shardCount: 1,
      isSharingRedis: false,
      mayCreate: true,
      random: secureRandom,
    });
    const kept = opened();
    if (!temporary.ok) expect.fail(temporary.error.message);

    removeIfTemporary(temporary.value);
    removeIfTemporary(kept);

    expect([existsSync(temporary.value.dir), existsSync(kept.dir)]).to.deep.equal([false, true]);
  });
});
