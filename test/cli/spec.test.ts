import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { importSpec } from "../../src/iso8583/import.ts";
import { command, freshFolder } from "../support/command.ts";
import { packager } from "../iso8583/import/packager.ts";

describe("cli/spec", () => {
  let folder: ReturnType<typeof freshFolder>;
  beforeEach(() => {
    folder = freshFolder();
  });
  afterEach(() => folder.remove());

  function written(name: string, text: string): string {
    const path = join(folder.path, name);
    writeFileSync(path, text);
    return path;
  }

  it("prints a line for everything that it cannot map, and ends with 1 where fields are missing", async () => {
    const file = written(
      "packager.xml",
      packager('<isofield id="4" length="12" name="A" class="org.jpos.iso.IFA_LLHBINARY"/>'),
    );

    const { code, stdout } = await command(["spec", "import", file]);

    expect(stdout.split("\n")).to.deep.equal([
      'line 6, field 4, "org.jpos.iso.IFA_LLHBINARY": left out, there is no such class in jPOS',
      "imported from a jPOS packager: 0 fields; 1 notes, 1 of them left out",
      "",
    ]);
    expect(code).to.equal(1);
  });

  it("prints a dialect that a link can take, as one line", async () => {
    const file = written(
      "spec.txt",
      packager('<isofield id="4" length="12" name="A" class="org.jpos.iso.IFA_NUMERIC"/>'),
    );

    const { code, stdout } = await command(["spec", "import", "--jpos", "--json", file]);

    const taken = importSpec(stdout);
    expect(code).to.equal(0);
    expect(stdout.trim().split("\n")).to.have.length(1);
    expect(taken.ok && taken.value.spec.fields[4]).to.include({ name: "A", length: 12 });
  });

  it("says in one line why a file is no spec, and ends with 2", async () => {
    const file = written("spec.json", '{"fields": 1}');

    const { code, stderr } = await command(["spec", "import", file]);

    expect(stderr).to.equal(`cardswitch: ${file}: there is no object with "fields"\n`);
    expect(code).to.equal(2);
  });

  it("takes a file for one kind of spec only", async () => {
    const { code, stderr } = await command(["spec", "import", "--moov", "--jpos", written("spec.json", "{}")]);

    expect(stderr).to.equal("cardswitch: --jpos and --moov exclude each other\n");
    expect(code).to.equal(2);
  });
});
