import { expect } from "chai";
import { compile } from "../../../src/iso8583/public.ts";
import { decoded, frameOf, hexOf, imported, packager } from "./packager.ts";

interface Row {
  readonly name: string;
  readonly length: number;
  readonly more?: string;
  readonly value: string;
  readonly wire: string;
}

const padded = 'pad="true"';
const rows: readonly Row[] = [
  { name: "IFA_NUMERIC", length: 6, value: "000123", wire: "303030313233" },
  { name: "IFE_NUMERIC", length: 4, value: "0123", wire: "f0f1f2f3" },
  { name: "IFB_NUMERIC", length: 4, more: padded, value: "0123", wire: "0123" },
  { name: "IFB_NUMERIC", length: 3, more: padded, value: "123", wire: "0123" },
  { name: "IFB_NUMERIC", length: 3, value: "123", wire: "1230" },
  { name: "IFB_FNUMERIC", length: 3, value: "123", wire: "123f" },
  { name: "IFE_SIGNED_NUMERIC", length: 4, value: "-0123", wire: "f0f1f2d3" },
  { name: "IFA_AMOUNT", length: 9, value: "C00000100", wire: "433030303030313030" },
  { name: "IFE_AMOUNT", length: 5, value: "D0100", wire: "c4f0f1f0f0" },
  { name: "IFB_AMOUNT", length: 9, value: "C00000100", wire: "43 00000100" },
  { name: "IFB_AMOUNT", length: 9, value: "hex:3000000100", wire: "30 00000100" },
  { name: "IFA_AMOUNT2003", length: 8, value: "84020100", wire: "3834303230313030" },
  { name: "IFA_BINARY", length: 3, value: "hex:00abff", wire: "303041424646" },
  { name: "IFB_BINARY", length: 3, value: "hex:00abff", wire: "00abff" },
  { name: "IFE_BINARY", length: 2, value: "hex:0abf", wire: "f0c1c2c6" },
  { name: "IF_CHAR", length: 5, value: "AB  x", wire: "4142202078" },
  { name: "IF_ECHAR", length: 3, value: "AB ", wire: "c1c240" },
  { name: "IFE_CHAR", length: 3, value: "[1]", wire: "adf1bd" },
  { name: "IFA_LLCHAR", length: 20, value: "Café", wire: "3034 436166e9" },
  { name: "IFA_LLLCHAR", length: 999, value: "AB", wire: "303032 4142" },
  { name: "IFA_LLLLLLCHAR", length: 9999, value: "AB", wire: "303030303032 4142" },
  { name: "IFA_LLNUM", length: 11, value: "40001", wire: "3035 3430303031" },
  { name: "IFE_LLCHAR", length: 11, value: "AB", wire: "f0f2 c1c2" },
  { name: "IFE_LLNUM", length: 11, value: "123", wire: "f0f3 f1f2f3" },
  { name: "IFEA_LLCHAR", length: 11, value: "AB", wire: "f0f2 4142" },
  { name: "IFAE_LLCHAR", length: 11, value: "AB", wire: "3032 c1c2" },
  { name: "IFB_LLCHAR", length: 30, value: "ABCDEFGHIJKL", wire: "12 4142434445464748494a4b4c" },
  { name: "IFB_LLLCHAR", length: 300, value: "AB", wire: "0002 4142" },
  { name: "IFB_LLLLBINARY", length: 3000, value: "hex:beef", wire: "0002 beef" },
  { name: "IFB_LLNUM", length: 19, more: padded, value: "123", wire: "03 0123" },
  { name: "IFB_LLNUM", length: 19, value: "123", wire: "03 1230" },
  { name: "IFB_LLHNUM", length: 19, more: padded, value: "1234567890123456", wire: "10 1234567890123456" },
  { name: "IFB_LLHCHAR", length: 255, value: "ABCDEFGHIJKL", wire: "0c 4142434445464748494a4b4c" },
  { name: "IFB_LLHECHAR", length: 255, value: "AB", wire: "02 c1c2" },
  { name: "IFB_LLLHBINARY", length: 999, value: "hex:beef", wire: "0002 beef" },
  { name: "IFB_LLHFBINARY", length: 4, value: "hex:beef", wire: "02 beef0000" },
  { name: "IFA_FLLCHAR", length: 5, value: "AB", wire: "3032 4142202020" },
  { name: "IFB_LLLCHAR", length: 300, more: 'inclusive="true"', value: "AB", wire: "0004 4142" },
  { name: "IFA_LLBINARY", length: 9, value: "hex:beef", wire: "3032 beef" },
  { name: "IFA_LLABINARY", length: 9, value: "hex:beef", wire: "3032 42454546" },
  { name: "IFE_LLLBINARY", length: 9, value: "hex:beef", wire: "f0f0f2 beef" },
  { name: "IFE_LLLEBINARY", length: 9, value: "hex:beef", wire: "f0f0f2 c2c5c5c6" },
  { name: "IFA_LLBNUM", length: 9, more: padded, value: "0123", wire: "3034 0123" },
  { name: "IFEB_LLNUM", length: 9, value: "123", wire: "f0f2 123f" },
  { name: "IFEB_LLNUM", length: 9, value: "1234", wire: "f0f2 1234" },
  { name: "IF_TCHAR", length: 9, more: 'token=";"', value: "AB", wire: "4142 3b" },
];

describe("iso8583/import/jpos-classes", () => {
  for (const { name, length, more = "", value, wire } of rows) {
    it(`reads and writes a field of class ${name} ${length} ${more}: ${value}`, () => {
      const field = `<isofield id="48" length="${length}" name="Field" class="org.jpos.iso.${name}" ${more}/>`;
      const { spec, report } = imported(packager(field));

      const message = decoded(spec, frameOf(48, wire));

      expect(message.get("48")).to.equal(value);
      expect(report).to.deep.equal([]);
    });
  }

  it("fills up what a program sets: digits with zeros in front, characters with blanks behind", () => {
    const { spec } = imported(
      packager(`<isofield id="4" length="12" name="Amount" class="org.jpos.iso.IFA_NUMERIC"/>
        <isofield id="41" length="8" name="Terminal" class="org.jpos.iso.IF_CHAR"/>`),
    );
    const codec = compile(spec);
    const message = codec.create("0100");

    message.set("4", "2599");
    message.set("41", "T1");

    expect(hexOf(codec.encode(message))).to.equal(
      "30313030" + "1000000000800000" + "303030303030303032353939" + "5431202020202020",
    );
  });

  it("keeps the separator of track 2 in a field of BCD digits", () => {
    const { spec } = imported(packager('<isofield id="35" length="37" name="T2" class="org.jpos.iso.IFB_LLNUM"/>'));

    const message = decoded(spec, frameOf(35, "20 4000008412345678 d290"));

    expect(message.get("35")).to.equal("4000008412345678=290");
  });

  it("takes a class with blanks around its name, and one without its package", () => {
    const { spec, report } = imported(
      packager(`<isofield id="52" length="8" name="PIN" class="org.jpos.iso.IFB_BINARY "/>
        <isofield id="64" length="8" name="MAC" class="IFB_BINARY"/>`),
    );

    expect(Object.keys(spec.fields)).to.deep.equal(["52", "64"]);
    expect(report).to.deep.equal([]);
  });

  it("never shows a PIN block, a track or what nobody has described", () => {
    const field = (id: number): string => `<isofield id="${id}" length="8" name="x" class="org.jpos.iso.IFB_BINARY"/>`;

    const { spec } = imported(packager([2, 4, 35, 52, 65, 120].map(field).join("")));

    const shown = [2, 4, 35, 52, 65, 120].map((id) => spec.fields[id]?.sensitive ?? "shown");
    expect(shown).to.deep.equal(["pan", "shown", "track", "pin", "secret", "secret"]);
  });
});
