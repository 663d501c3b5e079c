import { administrativeResponses } from "../../specs/administrative-messages.ts";
import { countries } from "../../specs/countries.ts";
import { decisionTable } from "../../specs/decision-table.ts";
import type { DialectSpec } from "../../specs/dialect.ts";
import type { ImportedDialect } from "../../specs/field-mapping.ts";
import {
  adviceResponses,
  networkManagementResponses,
  requestResponses,
  reversalResponses,
} from "../../specs/response-codes.ts";
import type { Codec, Message } from "../iso8583/public.ts";
import { assert } from "../kernel/assert.ts";
import { countriesByAlpha2, countriesByAlpha3 } from "../kernel/country.ts";
import { genericMapping } from "./generic.ts";
import { ImportedCodec, unwritable } from "./imported-codec.ts";
import { mappingFault, numbersOnWire } from "./imported-fields.ts";
import type { DialectMapping } from "./mapping.ts";

/** What a link needs of a dialect that somebody brought along. */
export interface ImportedParts {
  /** Towards the switch: plain ISO 8583:1987. */
  readonly codec: Codec;
  /** What stands on the wire: for logs. */
  readonly wire: Codec;
  readonly mapping: DialectMapping;
  /** Their number of a data element of plain ISO 8583:1987; null: they have none. */
  readonly numberOnWire: (field: number) => number | null;
}

const byAlpha2 = countriesByAlpha2(countries);
const byAlpha3 = countriesByAlpha3(countries);

/** The spec is no file any more and the mapping is sound: `importedFault` has said so. */
export function importedParts(dialect: ImportedDialect): ImportedParts {
  const { spec } = dialect;
  assert(!("format" in spec), "the spec of a link was read before the link is opened");
  const codec = new ImportedCodec(spec, dialect);
  const { presence } = dialect.mapping;
  const mapping: DialectMapping = {
    ...genericMapping,
    networkChain: (message) => {
      const chain = codec.part(message, "networkChain")?.trim() ?? "";
      return chain === "" ? genericMapping.networkChain(message) : chain;
    },
    merchantCountry: (message) => {
      const country = countryNumber(codec.part(message, "merchantCountry")?.trim() ?? "");
      return country === 0 ? genericMapping.merchantCountry(message) : country;
    },
    presence: (message: Message) => {
      const value = presence === null ? undefined : codec.part(message, null, presence.path);
      if (presence === null || value === undefined) return genericMapping.presence(message);
      return presence.present.some((start) => value.startsWith(start)) ? "present" : "not_present";
    },
  };
  const numbers = numbersOnWire(spec, dialect.mapping);
  return { codec: codec.asCodec(), wire: codec.wire, mapping, numberOnWire: (field) => numbers.get(field) ?? null };
}

/** Digits or letters of ISO 3166; 0 where it is neither. */
function countryNumber(text: string): number {
  const number = byAlpha2.get(text)?.number ?? byAlpha3.get(text)?.number ?? Number(text);
  return Number.isInteger(number) && number > 0 ? number : 0;
}

/** What keeps a dialect and its mapping from serving a link, as one line that names the key; null where nothing does. */
export function importedFault(spec: DialectSpec, dialect: ImportedDialect): string | null {
  return mappingFault(spec, dialect.mapping) ?? unwritable(spec, dialect, genericCodes());
}

/** Every DE39 that an answer of a generic link may have. */
function genericCodes(): string[] {
  const codes = new Set<string>();
  for (const { de39 } of Object.values(decisionTable)) codes.add(de39.generic);
  for (const { generic } of Object.values(requestResponses)) if (generic !== null) codes.add(generic);
  for (const { reversal, advice } of Object.values(reversalResponses)) {
    if (reversal !== null) codes.add(reversal);
    if (advice !== null) codes.add(advice);
  }
  for (const code of Object.values(adviceResponses)) if (code !== null) codes.add(code);
  for (const table of [administrativeResponses, networkManagementResponses]) {
    for (const code of Object.values(table)) codes.add(code);
  }
  return [...codes];
}
