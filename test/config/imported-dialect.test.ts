import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readLinksFile } from "../../src/config/links-file.ts";
import { freshFolder } from "../support/command.ts";

describe("config/imported-dialect", () => {
  let folder: ReturnType<typeof freshFolder>;
  let file: string;
  beforeEach(() => {
    folder = freshFolder();
    file = join(folder.path, "links.json");
  });
  afterEach(() => folder.remove());

  const link = { name: "house", network: "generic", endpoint: { kind: "connect", host: "127.0.0.1", port: 9000 } };

  function read(changes: object) {
    writeFileSync(file, JSON.stringify([{ ...link, ...changes }]));
    return readLinksFile(file);
  }

  it("looks for the spec beside the links file, and takes a path alone for a source", () => {
    const links = read({
      spec: { jpos: "specs/house.xml", tags: { "48": { "1": "A1" } } },
      mapping: { pan: "34", rrn: null, currency: { value: "840" }, presence: { path: "61.5", present: ["0"] } },
    });

    expect(links.ok && links.value[0]?.imported).to.deep.equal({
      spec: { format: "jpos", file: join(folder.path, "specs/house.xml"), tags: { "48": { "1": "A1" } } },
      mapping: {
        fields: { pan: { path: "34" }, rrn: null, currency: { value: "840" } },
        presence: { path: "61.5", present: ["0"] },
        version: "0",
        echo: {},
        mandatory: {},
      },
    });
  });

  it("needs no mapping where a spec has everything in the places of plain ISO 8583:1987", () => {
    const links = read({ spec: { moov: "/etc/house.json", lengthUnit: { "35": "digits" } } });

    expect(links.ok && links.value[0]?.imported?.spec).to.deep.equal({
      format: "moov",
      file: "/etc/house.json",
      lengthUnit: { "35": "digits" },
    });
  });

  const spec = { jpos: "house.xml" };
  const broken: readonly [object, string][] = [
    [{ mapping: {} }, '"mapping" is for a link with a "spec" of its own'],
    [{ spec, dialect: "iso87-ascii" }, '"dialect" and "spec" exclude each other'],
    [{ spec, network: "visa" }, '"network" has to be generic where there is a "spec"'],
    [{ spec: "house.xml" }, '"spec" has to be {"jpos": file}'],
    [{ spec: { jpos: "a", moov: "b" } }, '"spec" has to be {"jpos": file}'],
    [{ spec: { ...spec, colour: "red" } }, '"spec" has no key "colour"'],
    [{ spec: { ...spec, tags: { "48": "A1" } } }, '"spec.tags" has to be'],
    [{ spec: { moov: "a", lengthUnit: { "35": "nibbles" } } }, '"spec.lengthUnit" has to be'],
    [{ spec, mapping: [] }, '"mapping" has to be an object'],
    [{ spec, mapping: { colour: "2" } }, '"mapping" has no key "colour"'],
    [{ spec, mapping: { pan: "two" } }, '"mapping.pan" has to be null, a path'],
    [{ spec, mapping: { pan: { path: "2", slice: { from: -1, length: 2 } } } }, '"mapping.pan" has to be'],
    [{ spec, mapping: { pan: { path: "2", values: { a: 1 } } } }, '"mapping.pan" has to be'],
    [{ spec, mapping: { pan: { value: "x", path: "2" } } }, '"mapping.pan" has to be'],
    [{ spec, mapping: { presence: { path: "61" } } }, '"mapping.presence" has to be'],
    [{ spec, mapping: { version: "3" } }, '"mapping.version" has to be "0", "1" or "2"'],
    [{ spec, mapping: { echo: { authorization: ["2"] } } }, '"mapping.echo" has to be lists of field numbers'],
    [{ spec, mapping: { echo: { purchase: [2] } } }, '"mapping.echo" has to be lists of field numbers'],
    [{ spec, mapping: { mandatory: { authorization: [2] } } }, '"mapping.mandatory" has to be lists of paths'],
  ];
  for (const [changes, complaint] of broken) {
    it(`names file, link and key of ${JSON.stringify(changes)}`, () => {
      const links = read(changes);

      expect(links.ok ? "taken" : links.error).to.include(`${file}, link 1: ${complaint}`);
    });
  }
});
