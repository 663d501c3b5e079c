import { flowMarks } from "../../specs/flow-marks.ts";
import type { Message } from "../iso8583/public.ts";
import type { DialectMapping } from "./mapping.ts";
import { acquirerCountry, countryByAlpha3 } from "./merchant-country.ts";
import { presenceByPosData } from "./presence.ts";
import { replacementFromBilling } from "./reversal-mapping.ts";

export const mastercardMapping: DialectMapping = {
  network: "mastercard",
  marks: flowMarks.mastercard,
  networkChain,
  presence: presenceByPosData,
  merchantCountry,
  replacement: replacementFromBilling,
};

/**
 *   | network 3 | reference 9 | + | DE15 4 |        DE63 of the first message
 *   | network 3 | reference   |   |  day 4 | blanks |        DE48.63 of a follow-up, which names the first one
 */
function networkChain(message: Message): string | null {
  const trace = message.get("48.63");
  if (trace !== undefined) return trace.trimEnd();
  const reference = message.get("63");
  return reference === undefined ? null : reference.trimEnd() + (message.get("15") ?? "");
}

function merchantCountry(message: Message): number {
  const terminalCountry = Number(message.get("61.13") ?? "0");
  if (terminalCountry > 0) return terminalCountry;
  return countryByAlpha3(message) ?? acquirerCountry(message);
}
