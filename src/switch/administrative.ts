import { administrativeMessages, administrativeResponses } from "../../specs/administrative-messages.ts";
import type { AdministrativeMessage } from "../../specs/administrative-messages.ts";
import type { Message } from "../iso8583/public.ts";
import { stanMissing } from "./malformation.ts";
import { plainAnswer } from "./refusal.ts";
import { sendReply } from "./reply.ts";
import type { AdministrativeType } from "./route.ts";
import type { Session } from "./session.ts";

/** File updates, fees, texts, chargebacks and what the network tells about itself: logged, and answered by the table. */
export function answerAdministrative(session: Session, message: Message, type: AdministrativeType): void {
  const { link } = session;
  const { answer, meaning, response }: AdministrativeMessage = administrativeMessages[type];
  if (message.get("11") === undefined) return session.countMalformed(stanMissing);
  link.count(response === "logged" ? "noted" : "not_served");
  link.parts.log.info({ link: link.spec.name, session: session.id, mti: message.mti, meaning }, "taken note of");
  if (answer === null) return;
  sendReply(session, message, plainAnswer("other", administrativeResponses[response]));
}
