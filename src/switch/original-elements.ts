import type { MessageFunction, OriginalMessage } from "../authorizer/request.ts";
import type { Message } from "../iso8583/public.ts";

/**
 *   | type 4 | STAN 6 | DE7 10 | acquirer 11 | forwarder 11 |        DE90
 *
 * The message that DE90 names; null where it is absent or names nothing. A sender that does not know the STAN leaves
 * zeros: the original then has the DE11 of the message itself.
 */
export function originalOf(message: Message): OriginalMessage | null {
  const elements = message.get("90");
  if (elements === undefined) return null;
  const stan = stanIn(elements);
  const asked = functionOf(elements);
  return stan === null && asked === null ? null : { stan: stan ?? message.get("11") ?? "", function: asked };
}

/** DE11 of the message that DE90 names; null where it names none. */
export function originalStanOf(message: Message): string | null {
  const elements = message.get("90");
  return elements === undefined ? null : stanIn(elements);
}

function stanIn(elements: string): string | null {
  const stan = elements.slice(4, 10);
  return stan === "000000" ? null : stan;
}

/** A 0120 stands in for a 0100, so what undoes it undoes that: both are known under the authorization. */
function functionOf(elements: string): MessageFunction | null {
  if (elements.startsWith("01")) return "authorization";
  if (elements.startsWith("022")) return "financial_advice";
  return elements.startsWith("020") ? "financial" : null;
}
