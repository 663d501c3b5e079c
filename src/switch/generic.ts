import { flowMarks } from "../../specs/flow-marks.ts";
import type { DialectMapping } from "./mapping.ts";
import { acquirerCountry, countryByAlpha2 } from "./merchant-country.ts";
import { presenceByCodes } from "./presence.ts";
import { replacementFromTransaction } from "./reversal-mapping.ts";

/** Plain ISO 87: no network names the chain, so PAN, DE32 and DE37 do (rules: Identity). */
export const genericMapping: DialectMapping = {
  network: "generic",
  marks: flowMarks.generic,
  networkChain: () => null,
  presence: presenceByCodes,
  merchantCountry: (message) => countryByAlpha2(message) ?? acquirerCountry(message),
  replacement: replacementFromTransaction,
};
