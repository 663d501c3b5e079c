import { administrativeMessages } from "../../specs/administrative-messages.ts";
import type { FieldsOfNetwork } from "../../specs/message-fields.ts";
import { isRepeat } from "./responses.ts";

export type AdministrativeType = keyof typeof administrativeMessages;

/** Where a message goes by its type. */
export type Route =
  | "authorization"
  | "advice"
  | "financial"
  | "financial_advice"
  | "reversal"
  | "management"
  | "response"
  | "notice"
  | "other"
  | AdministrativeType;

const routes = new Map<string, Route>([
  ["0100", "authorization"],
  ["0120", "advice"],
  ["0200", "financial"],
  ["0220", "financial_advice"],
  ["0400", "reversal"],
  ["0420", "reversal"],
  ["0800", "management"],
]);
for (const type of Object.keys(administrativeMessages) as AdministrativeType[]) routes.set(type, type);

export function routeOf(mti: string): Route {
  const known = routes.get(mti);
  if (known !== undefined) return known;
  const functionDigit = mti.charCodeAt(2) - 48;
  // ISO 8583: odd functions answer, and what is above 3 tells without wanting an answer. The last digit 1 repeats.
  const unrepeated = isRepeat(mti) ? routes.get(`${mti.slice(0, 3)}0`) : undefined;
  const isNotice = functionDigit >= 4;
  const route = unrepeated ?? ((functionDigit & 1) === 1 ? "response" : isNotice ? "notice" : "other");
  routes.set(mti, route);
  return route;
}

/** Which of the dialect's fields its answer has; null: there is none. */
export function answerKindOf(route: Route): keyof FieldsOfNetwork | null {
  switch (route) {
    case "authorization":
    case "financial":
      return "authorization";
    case "advice":
    case "financial_advice":
      return "advice";
    case "reversal":
    case "management":
      return route;
    case "response":
    case "notice":
      return null;
    default:
      return "other";
  }
}
