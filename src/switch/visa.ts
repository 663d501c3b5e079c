import { flowMarks } from "../../specs/flow-marks.ts";
import type { Message } from "../iso8583/public.ts";
import type { DialectMapping } from "./mapping.ts";
import { acquirerCountry, countryByAlpha2 } from "./merchant-country.ts";
import { presenceByCodes } from "./presence.ts";
import { replacementFromTransaction } from "./reversal-mapping.ts";

export const visaMapping: DialectMapping = {
  network: "visa",
  marks: flowMarks.visa,
  networkChain,
  presence: presenceByCodes,
  merchantCountry: (message) => countryByAlpha2(message) ?? acquirerCountry(message),
  replacement: replacementFromTransaction,
};

/** DE62.2, the transaction identifier. */
function networkChain(message: Message): string | null {
  return message.get("62.2") ?? null;
}
