import { expect } from "chai";
import { decoded, frameOf, imported, packager } from "./packager.ts";

const asField = (id: number, type: string, length: number, more = ""): string =>
  `<isofield id="${id}" length="${length}" name="Part ${id}" class="org.jpos.iso.${type}" ${more}/>`;

interface Whole {
  readonly id?: number;
  readonly type: string;
  readonly length: number;
  readonly packager: string;
  readonly more?: string;
}

function composite({ id = 48, type, length, packager: name, more = "" }: Whole, parts: string): string {
  return packager(
    `<isofieldpackager id="${id}" length="${length}" name="Whole" class="org.jpos.iso.${type}" ${more}
      packager="org.jpos.iso.packager.${name}">${parts}</isofieldpackager>`,
  );
}

describe("iso8583/import/jpos-composites", () => {
  it("finds parts side by side, whose paths count from 1, and says so where their ids do not", () => {
    const { spec, report } = imported(
      composite(
        { type: "IFA_LLLCHAR", length: 999, packager: "GenericSubFieldPackager", more: 'emitBitmap="false"' },
        asField(0, "IF_CHAR", 2) + asField(1, "IFA_LLNUM", 9) + asField(2, "IF_CHAR", 3),
      ),
    );

    const message = decoded(spec, frameOf(48, "303130 4142 3033 313233 58595a"));

    expect(message.toJSON()).to.deep.equal({ "0": "0100", "48.1": "AB", "48.2": "123", "48.3": "XYZ" });
    expect(message.get("48")).to.equal("AB03123XYZ");
    expect(report.map(({ field, why }) => [field, why])).to.deep.equal([
      ["48.0", "parts are counted from 1: its path is 48.1"],
      ["48.1", "parts are counted from 1: its path is 48.2"],
      ["48.2", "parts are counted from 1: its path is 48.3"],
    ]);
  });

  it("writes the parts of an EBCDIC field in EBCDIC, although their classes say ASCII", () => {
    const { spec } = imported(
      composite(
        { type: "IFE_LLCHAR", length: 99, packager: "GenericSubFieldPackager", more: 'emitBitmap="false"' },
        asField(1, "IF_CHAR", 2) + asField(2, "IFA_LLCHAR", 9),
      ),
    );

    const message = decoded(spec, frameOf(48, "f0f6 c1c2 f0f2 c3c4"));

    expect(message.toJSON()).to.include({ "48.1": "AB", "48.2": "CD" });
  });

  it("tells the parts of a field of BCD digits by their place", () => {
    const { spec } = imported(
      composite(
        { id: 3, type: "IFB_NUMERIC", length: 6, packager: "GenericSubFieldPackager", more: 'emitBitmap="false"' },
        asField(1, "IFA_NUMERIC", 2) + asField(2, "IFA_NUMERIC", 2) + asField(3, "IFA_NUMERIC", 2),
      ),
    );

    const message = decoded(spec, frameOf(3, "012030"));

    expect(message.get("3")).to.equal("012030");
    expect(message.get("3.2")).to.equal("20");
  });

  it("takes every bit of a Base1 bitmap for a part", () => {
    const { spec, report } = imported(
      composite(
        { id: 62, type: "IFB_LLHBINARY", length: 255, packager: "Base1SubFieldPackager" },
        asField(0, "packager.Base1_BITMAP126", 8) +
          asField(1, "IF_ECHAR", 1) +
          asField(2, "IFB_NUMERIC", 15, 'pad="true"'),
      ),
    );

    const message = decoded(spec, frameOf(62, "11 c000000000000000 e8 0306326584712345"));

    expect(message.toJSON()).to.include({ "62.1": "Y", "62.2": "306326584712345" });
    expect(report).to.deep.equal([]);
  });

  it("reads 8 bytes of a bitmap of 16 inside a field where part 1 is data, and says so", () => {
    const { spec, report } = imported(
      composite(
        {
          id: 127,
          type: "IFA_LLLLLLBINARY",
          length: 999_999,
          packager: "GenericSubFieldPackager",
          more: 'bitmapField="0"',
        },
        asField(0, "IFB_BITMAP", 16) + asField(1, "IF_CHAR", 2) + asField(3, "IFA_LLCHAR", 20),
      ),
    );

    const message = decoded(spec, frameOf(127, "303030303134 a000000000000000 4142 3032 4344"));

    expect(message.toJSON()).to.include({ "127.1": "AB", "127.3": "CD" });
    expect(report.map(({ field, effect }) => [field, effect])).to.deep.equal([["127.0", "approximated"]]);
  });

  it("lets bit 1 of a bitmap of 16 bytes announce a second one where part 1 is no data", () => {
    const { spec } = imported(
      composite(
        { id: 127, type: "IFA_LLLBINARY", length: 999, packager: "GenericSubFieldPackager" },
        asField(1, "IFB_BITMAP", 16) + asField(2, "IF_CHAR", 2) + asField(66, "IF_CHAR", 1),
      ),
    );

    const message = decoded(spec, frameOf(127, "303139 c000000000000000 4000000000000000 4142 5a"));

    expect(message.toJSON()).to.include({ "127.2": "AB", "127.66": "Z" });
  });

  it("reads a message inside a field", () => {
    const { spec } = imported(
      composite(
        { id: 120, type: "IFA_LLLBINARY", length: 999, packager: "GenericPackager" },
        asField(0, "IFA_NUMERIC", 4) + asField(1, "IFA_BITMAP", 16) + asField(11, "IFA_NUMERIC", 6),
      ),
    );

    const message = decoded(spec, frameOf(120, "303236 30383030 30303230303030303030303030303030 303030303432"));

    expect(message.toJSON()).to.include({ "120.0": "0800", "120.11": "000042" });
  });

  it("finds Europay parts by length and tag, and keeps a tag that is not listed", () => {
    const { spec } = imported(
      composite(
        { type: "IFA_LLLCHAR", length: 999, packager: "EuroSubFieldPackager" },
        asField(1, "IFEP_LLCHAR", 20) + asField(42, "IFEP_LLCHAR", 20),
      ),
    );

    const message = decoded(spec, frameOf(48, "303138 3035 3432 313233 3034 3031 4142 3033 3939 5a"));

    expect(message.toJSON()).to.include({ "48.42": "123", "48.01": "AB", "48.99": "Z" });
  });

  it("finds a letter and tagged parts in EBCDIC as a mastercard-style field 48 has them", () => {
    const { spec } = imported(
      composite(
        { type: "IFE_LLLBINARY", length: 999, packager: "MasterCardEBCDICSubFieldPackager" },
        asField(0, "IFE_CHAR", 1) + asField(42, "IFEMC_LLCHAR", 19) + asField(63, "IFEMC_LLCHAR", 15),
      ),
    );

    const message = decoded(spec, frameOf(48, "f0f1f2 d9 f4f2 f0f7 f0f1f0f3f2f1f0"));

    expect(message.toJSON()).to.include({ "48.0": "R", "48.42": "0103210" });
  });

  it("finds parts whose length counts their tag, in EBCDIC", () => {
    const { spec } = imported(
      composite(
        { id: 60, type: "IFB_LLLBINARY", length: 999, packager: "GICCSubFieldPackager" },
        asField(40, "IFELPE_LLLCHAR", 40),
      ),
    );

    const message = decoded(spec, frameOf(60, "0008 f0f0f5 f4f0 c1c2c3"));

    expect(message.toJSON()).to.include({ "60.40": "ABC" });
  });

  it("finds clearing parts by tags of four digits", () => {
    const { spec } = imported(
      composite(
        { type: "IFA_LLLCHAR", length: 999, packager: "EuroSubFieldPackager" },
        asField(158, "IFIPM_LLLCHAR", 30) + asField(165, "IFIPM_LLLCHAR", 30),
      ),
    );

    const message = decoded(spec, frameOf(48, "303130 30313538 303033 414243"));

    expect(message.toJSON()).to.include({ "48.0158": "ABC" });
  });

  const mapper = 'tagMapper="com.acme.Tags"';
  const tagged = composite(
    { type: "IFA_LLLCHAR", length: 999, packager: "GenericTaggedFieldsPackager", more: mapper },
    asField(1, "IFA_TTLLCHAR", 20) + asField(3, "IFA_TTLLCHAR", 20),
  );

  it("finds parts by their tags alone where only a class of somebody's own knows which is which", () => {
    const { spec, report } = imported(tagged);

    const message = decoded(spec, frameOf(48, "303133 4131 3033 414243 4133 3032 5858"));

    expect(message.toJSON()).to.include({ "48.A1": "ABC", "48.A3": "XX" });
    expect(report.map(({ field, found }) => [field, found])).to.deep.equal([["48", "com.acme.Tags"]]);
  });

  it("knows the parts where the tags are told beside the text, and tags that are numbers by themselves", () => {
    const told = imported(tagged, { tags: { "48": { "1": "A1", "3": "A3" } } });
    const numbers = imported(tagged.replace("com.acme.Tags", "org.jpos.iso.packager.TTDecimalTagMapper"));

    for (const { spec, report } of [told, numbers]) {
      expect(report).to.deep.equal([]);
      expect(spec.fields[48]?.shape).to.include({ kind: "tagged", tagDigits: 2, lengthDigits: 2 });
    }
    const parts = [told, numbers].map(({ spec }) => {
      const shape = spec.fields[48]?.shape;
      return shape?.kind === "tagged" ? Object.keys(shape.parts) : [];
    });
    expect(parts).to.deep.equal([
      ["A1", "A3"],
      ["01", "03"],
    ]);
  });

  it("goes by the sizes that stand at the composite, length in front of the tag where it says so", () => {
    const sizes = 'tagSize="2" lenSize="3" swapTagAndLen="true" tagMapper="org.jpos.iso.packager.TTDecimalTagMapper"';
    const { spec, report } = imported(
      composite(
        { type: "IFA_LLLCHAR", length: 999, packager: "GenericTaggedFieldsPackager", more: sizes },
        asField(7, "IFA_LLLCHAR", 20),
      ),
    );

    const message = decoded(spec, frameOf(48, "303037 303032 3037 4142"));

    expect(message.toJSON()).to.include({ "48.07": "AB" });
    expect(report).to.deep.equal([]);
  });

  it("reads chip data and datasets", () => {
    const chip = imported(composite({ id: 55, type: "IFB_LLLBINARY", length: 255, packager: "ICCDataPackager" }, ""));
    const sets = imported(
      composite(
        { id: 34, type: "IFB_LLLBINARY", length: 999, packager: "DatasetPackager" },
        asField(1, "IFB_BINARY", 1) + asField(2, "IFB_BINARY", 1),
      ),
    );

    const withChip = decoded(chip.spec, frameOf(55, "0011 9f0206000000002599 8200"));
    const withSets = decoded(sets.spec, frameOf(34, "0014 71 0004 6000 1122 01 0004 82023c00"));

    expect(withChip.toJSON()).to.include({ "55.9F02": "hex:000000002599" });
    expect(withSets.toJSON()).to.include({ "34.71.1": "hex:11", "34.71.2": "hex:22", "34.01.82": "hex:3c00" });
  });

  it("keeps a field whole whose packager it does not know, and says so", () => {
    const { spec, report } = imported(
      composite({ type: "IFA_LLLCHAR", length: 999, packager: "AcmePackager" }, asField(1, "IF_CHAR", 2)),
    );

    const message = decoded(spec, frameOf(48, "303032 4142"));

    expect(message.get("48")).to.equal("AB");
    expect(report.map(({ field, effect }) => [field, effect])).to.deep.equal([["48", "approximated"]]);
  });

  it("reads a third bitmap where field 65 would be, and a header that nobody looks at", () => {
    const xml = packager(
      asField(65, "IFB_BITMAP", 8) + asField(64, "IFB_BINARY", 1) + asField(131, "IF_CHAR", 2),
      'headerLength="3"',
    );

    const { spec } = imported(xml);
    const message = decoded(
      spec,
      new Uint8Array(Buffer.from("0102033031303080000000000000018000000000000000aa20000000000000004142", "hex")),
    );

    expect(spec.header).to.deep.equal({ kind: "skipped", bytes: 3 });
    expect(message.toJSON()).to.include({ "64": "hex:aa", "131": "AB" });
  });
});
