/** A form that a value of JSON may have. */
export type Form =
  | { readonly is: "true" | "truth" | "null" }
  | { readonly is: "text"; readonly like: RegExp; readonly told: string }
  | { readonly is: "one of"; readonly choices: readonly (string | number)[] }
  | { readonly is: "number"; readonly least: number; readonly most: number }
  | { readonly is: "list"; readonly of: () => Form }
  | { readonly is: "map"; readonly keys: RegExp; readonly of: () => Form }
  | ObjectForm
  /** An object whose key `by` says which of the forms it has. */
  | { readonly is: "kind"; readonly by: string; readonly of: () => Readonly<Record<string, ObjectForm>> }
  | { readonly is: "either"; readonly of: () => readonly Form[] };

export interface ObjectForm {
  readonly is: "object";
  readonly keys: Readonly<Record<string, Form>>;
  readonly optional: Readonly<Record<string, Form>>;
  /** One of these has to be there. */
  readonly oneOf?: readonly string[];
}

const text: Form = { is: "text", like: /^[^]{0,200}$/, told: "text of at most 200 characters" };
const character: Form = { is: "text", like: /^[^]$/, told: "one character" };
const filler: Form = { is: "text", like: /^(?:[^]|[0-9A-Fa-f]{2})$/, told: "one character, or two hexadecimal digits" };
const literal: Form = {
  is: "text",
  like: /^(?!hex:)[^]{1,64}$|^hex:(?:[0-9a-f]{2}){1,64}$/,
  told: "characters or hex:…",
};
const yes = { is: "true" } as const satisfies Form;
const truth = { is: "truth" } as const satisfies Form;
const nothing = { is: "null" } as const satisfies Form;
const charset = oneOf("ascii", "latin1", "cp037", "cp500", "cp1047");
const hexText = ["hex", "hex-lower", "hex-ebcdic"] as const;
const bcd = ["bcd", "bcd-f", "bcd-left", "bcd-left-f"] as const;
const content = oneOf("n", "a", "an", "anp", "ans", "z", "x+n", "b", "any");
const encoding = oneOf(...charset.choices, ...bcd, "binary", ...hexText, "zoned-ascii", "zoned-ebcdic", "utf-8");
const sensitive = oneOf("pan", "track", "pin", "secret", "chip", "expiry");
const tagCode = oneOf(...charset.choices, "bcd", "binary");
const length = number(0, 999_999);
const fieldNumbers = /^(?:[2-9]|[1-9]\d|1[0-8]\d|19[0-2])$/;
const partNumbers = /^[1-9]\d{0,3}$/;
const tags = /^[0-9A-Za-z]{1,8}$/;

const prefix = object(
  {
    encoding: oneOf(...charset.choices, "bcd", "binary", ...hexText, "ber"),
    size: number(1, 6),
    counts: oneOf("characters", "digits", "bytes"),
  },
  { isInclusive: yes },
);
const pad = object({ side: oneOf("left", "right"), with: filler }, { to: oneOf("length", "even"), isTrimmed: yes });

const condition: Form = {
  is: "kind",
  by: "test",
  of: () => ({
    "first-byte": object({ from: number(0, 255), to: number(0, 255) }),
    length: object({ from: length, to: length }),
    field: object({ path: text }, { values: list(() => text) }),
    mti: object({ values: list(() => text) }),
    all: object({ of: list(() => condition) }),
    not: object({ of: condition }),
  }),
};

const shape: Form = {
  is: "kind",
  by: "kind",
  of: () => ({
    positional: object({ parts: list(() => object({ name: text, content, length }, { mayEndEarly: yes, sensitive })) }),
    sequence: object({ parts: list(() => field) }),
    tagged: object(
      { encoding: charset, tagDigits: number(1, 8), lengthDigits: number(1, 6), parts: map(tags, () => field) },
      {
        tagEncoding: tagCode,
        tagContent: oneOf("n", "an"),
        lengthEncoding: tagCode,
        isLengthFirst: yes,
        lengthCounts: oneOf("data", "tag-and-data", "all"),
        leading: object({ key: text, name: text }),
      },
    ),
    bitmapped: object(
      { bitmapBytes: oneOf(1, 2, 3, 4, 8, 16), parts: map(partNumbers, () => field) },
      { bitmapEncoding: oneOf("binary", ...hexText), isContinued: yes, keepsRest: yes },
    ),
    "ber-tlv": object({ nests: truth }, { parts: map(/^(?:[0-9A-F]{2}){1,4}$/, () => field) }),
    datasets: object(
      { nests: truth },
      { parts: map(/^[0-9A-F]{2}$/, () => object({ name: text }, { sensitive, shape })) },
    ),
    "dataset-bitmap": object({ parts: map(partNumbers, () => field) }),
    message: object({ dialect: dialectForm }),
  }),
};

const field: Form = {
  is: "object",
  keys: { name: text, content, encoding },
  oneOf: ["length", "max"],
  optional: {
    length,
    min: length,
    max: length,
    prefix,
    isFilled: yes,
    terminator: character,
    sensitive,
    pad,
    letter: charset,
    shape,
    // Looked up when it is needed: a field has fields.
    variants: list(() => object({ when: condition, field })),
  },
};

const header: Form = {
  is: "either",
  of: () => [
    oneOf("none", "base-22", "tpdu"),
    object({ kind: oneOf("literal"), value: literal, encoding: charset }),
    object({ kind: oneOf("skipped"), bytes: number(1, 255) }),
  ],
};

/** A DialectSpec of specs/dialect.ts. A key of the types that is missing here is refused, so both change together. */
export const dialectForm: Form = object(
  {
    name: text,
    title: text,
    header,
    mti: object({ encoding: oneOf(...charset.choices, ...bcd) }),
    bitmap: object(
      { encoding: oneOf("binary", ...hexText), count: oneOf(1, 2, 3) },
      { extends: oneOf("auto", "fixed", "single"), third: oneOf("contiguous", "field-65") },
    ),
    fields: map(fieldNumbers, () => field),
  },
  { versions: map(/^[0-9]$/, () => map(fieldNumbers, () => ({ is: "either", of: () => [nothing, field] }))) },
);

function oneOf<Choice extends string | number>(...choices: readonly Choice[]) {
  return { is: "one of", choices } as const;
}

function number(least: number, most: number): Form {
  return { is: "number", least, most };
}

function list(of: () => Form): Form {
  return { is: "list", of };
}

function map(keys: RegExp, of: () => Form): Form {
  return { is: "map", keys, of };
}

function object(keys: Readonly<Record<string, Form>>, optional: Readonly<Record<string, Form>> = {}): ObjectForm {
  return { is: "object", keys, optional };
}
