import { expect } from "chai";
import fc from "fast-check";
import { importJposPackager, renderNote } from "../../../src/iso8583/import.ts";
import { compile } from "../../../src/iso8583/public.ts";
import { imported, packager } from "./packager.ts";

const amount = '<isofield id="4" length="12" name="Amount" class="org.jpos.iso.IFA_NUMERIC"/>';

describe("iso8583/import/jpos-report", () => {
  it("names line, field and class of what it cannot map, and keeps the rest", () => {
    const { spec, report } = imported(
      packager(`${amount}
<isofield id="61" length="99" name="Points" class="org.jpos.iso.IFA_LLHBINARY"/>
<isofield id="62" length="99" name="Mine" class="com.acme.IFA_LLCHAR"/>
<isofield id="63" length="0" name="None" class="org.jpos.iso.IF_NOP"/>`),
    );

    expect(Object.keys(spec.fields)).to.deep.equal(["4"]);
    expect(report.map(renderNote)).to.deep.equal([
      'line 7, field 61, "org.jpos.iso.IFA_LLHBINARY": left out, there is no such class in jPOS',
      'line 8, field 62, "com.acme.IFA_LLCHAR": left out, there is no such class in jPOS',
      'line 9, field 63, "org.jpos.iso.IF_NOP": left out, the class writes nothing',
    ]);
  });

  it("says which attributes have no effect here", () => {
    const { report } = imported(
      packager(
        `<isofield id="4" length="12" name="A" class="org.jpos.iso.IFA_NUMERIC" params="x" colour="red"/>
<isofield id="5" length="12" name="B" class="org.jpos.iso.IFA_NUMERIC" encoding="Cp500"/>`,
        'flavour="sweet"',
      ),
    );

    expect(report.map(({ field, found, effect }) => [field, found, effect])).to.deep.equal([
      ["", 'flavour="sweet"', "ignored"],
      ["4", 'params="x"', "ignored"],
      ["4", 'colour="red"', "ignored"],
      ["5", 'encoding="Cp500"', "ignored"],
    ]);
  });

  it("takes the later of two fields with one id, as jPOS does, and says so", () => {
    const { spec, report } = imported(
      packager(`${amount}<isofield id="4" length="10" name="Other" class="org.jpos.iso.IFA_NUMERIC"/>`),
    );

    expect(spec.fields[4]).to.include({ name: "Other", length: 10 });
    expect(report).to.have.length(1);
    expect(report[0]).to.include({ field: "4", effect: "left out", why: "another field with the same id follows" });
  });

  it("says when a length is more than its prefix can write, and where the bitmaps end", () => {
    const { spec, report } = imported(
      packager(`<isofield id="43" length="150" name="Name" class="org.jpos.iso.IFA_LLCHAR"/>
<isofield id="130" length="5" name="Far" class="org.jpos.iso.IFA_NUMERIC"/>`),
    );

    expect(spec.fields[43]).to.include({ max: 99 });
    expect(report.map(({ field, why }) => [field, why])).to.deep.equal([
      ["43", "its prefix writes no more than 99"],
      ["130", "the bitmap ends with field 128"],
    ]);
  });

  const hopeless: readonly [string, string, string][] = [
    ["an empty text", "", "this is not XML"],
    ["a text that is no XML", "0100 what is this", "this is not XML"],
    ["an element that is not closed", "<isopackager><isofield></isopackager>", "this is not XML"],
    ["another document", "<project/>", "the text is a <project>, not an <isopackager>"],
    ["a packager without a message type", "<isopackager/>", "field 0 is no message type of four digits"],
    [
      "a packager without a bitmap",
      '<isopackager><isofield id="0" length="4" name="T" class="IFA_NUMERIC"/></isopackager>',
      "field 1 is no bitmap",
    ],
    [
      "a packager that emits no bitmap",
      packager("", 'emitBitmap="false"'),
      "a message without a bitmap cannot be read",
    ],
    ["a document that is too long", packager(`<!-- ${"x".repeat(1_100_000)} -->`), "longer than 1048576 characters"],
    ["too many fields", packager("<isofield/>".repeat(20_001)), "more than 20000 elements"],
    [
      "too deep a nesting",
      packager(`${"<isofieldpackager>".repeat(40)}${"</isofieldpackager>".repeat(40)}`),
      "not XML",
    ],
  ];
  for (const [title, xml, complaint] of hopeless) {
    it(`makes a sentence and no spec of ${title}`, () => {
      const result = importJposPackager(xml);

      expect(result.ok ? "a spec" : result.error.message).to.include(complaint);
    });
  }

  it("expands no entity: a document type with declarations is refused, on its line", () => {
    const bomb = `<?xml version="1.0"?>
<!DOCTYPE isopackager [
<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY file SYSTEM "file:///etc/passwd">
]>
<isopackager><isofield id="0" length="4" name="&b;&file;" class="IFA_NUMERIC"/></isopackager>`;

    const result = importJposPackager(bomb);

    expect(result.ok ? "a spec" : result.error).to.deep.equal({
      line: 2,
      message: "a document type with declarations of its own is not read",
    });
  });

  it("reads the five entities of XML in names, and leaves all others as they are", () => {
    const { spec } = imported(
      packager('<isofield id="4" length="12" name="A &amp; B &#65;&#x42; &lol;" class="IFA_NUMERIC"/>'),
    );

    expect(spec.fields[4]?.name).to.equal("A & B AB &lol;");
  });

  it("never throws, whatever is done to a packager, and what it makes can always be compiled", () => {
    const whole = packager(`${amount}
<isofieldpackager id="48" length="999" name="Data" class="org.jpos.iso.IFA_LLLCHAR" emitBitmap="false"
  packager="org.jpos.iso.packager.GenericSubFieldPackager">
<isofield id="0" length="1" name="a" class="org.jpos.iso.IF_CHAR"/>
<isofield id="1" length="20" name="b" class="org.jpos.iso.IFA_LLNUM" pad="true"/></isofieldpackager>
<isofieldpackager id="62" length="255" name="Bits" class="org.jpos.iso.IFB_LLHBINARY"
  packager="org.jpos.iso.packager.Base1SubFieldPackager">
<isofield id="0" length="8" name="bitmap" class="org.jpos.iso.packager.Base1_BITMAP126"/>
<isofield id="2" length="15" name="b" class="org.jpos.iso.IFB_NUMERIC" pad="true"/></isofieldpackager>`);
    const edit = fc.record({
      at: fc.nat(whole.length),
      cut: fc.nat(30),
      put: fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom('"', "<", ">", "&", "IFB_", "LLL", "-1", "99999999", "  "),
      ),
    });

    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let xml = whole;
        for (const { at, cut, put } of edits) xml = xml.slice(0, at) + put + xml.slice(at + cut);

        const result = importJposPackager(xml);

        if (result.ok) compile(result.value.spec).decode(new Uint8Array([0x30, 0x31, 0x30, 0x30, 0x10, 0, 0, 0]));
      }),
      { numRuns: 400 },
    );
  });
});
