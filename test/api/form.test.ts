import { expect } from "chai";
import fc from "fast-check";
import { readForm } from "../../src/api/form.ts";
import { ApiError } from "../../src/resources/api-error.ts";

const limits = { formDepthMax: 20, formParametersMax: 5_000 };
const read = (text: string): unknown => JSON.parse(JSON.stringify(readForm(text, limits)));

describe("api/form", () => {
  it("reads lists as the SDK numbers them and as curl leaves them unnumbered", () => {
    expect(read("expand[0]=number&expand[1]=cvc")).to.deep.equal({ expand: ["number", "cvc"] });
    expect(read("expand[]=number&expand[]=cvc")).to.deep.equal({ expand: ["number", "cvc"] });
    expect(read("a[0][categories][0]=bakeries&a[0][amount]=5")).to.deep.equal({
      a: [{ categories: ["bakeries"], amount: "5" }],
    });
  });

  it("keeps a list of more than twenty items a list", () => {
    const numbered = Array.from({ length: 25 }, (_, i) => `c[${i}]=x${i}`).join("&");
    const plain = Array.from({ length: 25 }, (_, i) => `c[]=x${i}`).join("&");

    for (const text of [numbered, plain]) {
      expect(read(text)).to.deep.equal({ c: Array.from({ length: 25 }, (_, i) => `x${i}`) });
    }
  });

  it("hands on the empty string, by which a caller unsets", () => {
    expect(read("metadata=&metadata2[k]=")).to.deep.equal({ metadata: "", metadata2: { k: "" } });
  });

  it("takes 5,000 parameters and refuses 5,001", () => {
    const of = (count: number): string => Array.from({ length: count }, (_, i) => `m[k${i}]=v`).join("&");

    expect(Object.keys((read(of(5_000)) as { m: object }).m)).to.have.length(5_000);
    expect(refusalOf(of(5_001))).to.deep.include({ code: "unreadable_body" });
  });

  it("takes parameters nested 20 deep and refuses 21", () => {
    const of = (depth: number): string => `a${"[b]".repeat(depth)}=1`;

    expect(() => readForm(of(20), limits)).not.to.throw();
    expect(refusalOf(of(21))).to.deep.include({ code: "unreadable_body" });
  });

  it("refuses names that every object has by birth, however they are written", () => {
    for (const name of ["__proto__", "constructor", "prototype", "%5f_proto__", "constr%75ctor"]) {
      for (const text of [`${name}=1`, `metadata[${name}]=1`, `a=1&metadata[x][${name}][y]=1`]) {
        expect(refusalOf(text), text).to.deep.include({ code: "parameter_unknown" });
      }
    }
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });

  it("refuses a name that is no percent-encoded UTF-8", () => {
    expect(refusalOf("%ff=1")).to.deep.include({ code: "unreadable_body" });
  });

  it("never throws anything but a refusal, and gives nothing that has a prototype to poison", () => {
    const piece = fc.constantFrom("a", "[", "]", "=", "&", "%", "0", "[]", "[0]", "__proto__", "+", "%5B", "é", ".");

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          expect(Object.getPrototypeOf(readForm(pieces.join(""), limits))).to.equal(null);
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

function refusalOf(text: string): ApiError {
  try {
    readForm(text, limits);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error(`not refused: ${text}`);
}
