import { presenceByCardPresenceCode } from "../../specs/card-presence.ts";
import type { CardPresence } from "../authorizer/request.ts";
import type { Message } from "../iso8583/public.ts";
import { type Result, ok } from "../kernel/result.ts";
import { type DialectMapping, type Refusal, type Replacement, amountOf, currencyOf, formatError } from "./mapping.ts";
import { acquirerCountry, countryByAlpha3 } from "./merchant-country.ts";
import { presenceByCodes } from "./presence.ts";

const byCardPresence: ReadonlyMap<string, CardPresence> = new Map(Object.entries(presenceByCardPresenceCode));

export const mastercardMapping: DialectMapping = {
  network: "mastercard",
  networkChain,
  presence: (message) => byCardPresence.get(message.get("61.5") ?? "") ?? presenceByCodes(message),
  merchantCountry,
  replacement,
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

/**
 *   | transaction 12 | settlement 12 | cardholder billing 12 | zeros 6 |        DE95
 * Billing is the card's currency; it is empty where the transaction was in the card's currency.
 */
function replacement(message: Message): Result<Replacement | null, Refusal> {
  const field = message.get("95");
  if (field === undefined) return ok(null);
  const billing = amountOf(field.slice(24, 36));
  const cardCurrency = message.get("51");
  if (billing > 0n) return ok({ amount: billing, currency: currencyOf(cardCurrency) });
  const transaction = amountOf(field.slice(0, 12));
  if (transaction === 0n) return ok(null);
  const transactionCurrency = message.get("49");
  if (cardCurrency !== undefined && cardCurrency !== transactionCurrency) return formatError(95);
  return ok({ amount: transaction, currency: currencyOf(transactionCurrency) });
}
