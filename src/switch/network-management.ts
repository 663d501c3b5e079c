import { type NetworkManagementCodes, networkManagementAnswers } from "../../specs/network-management.ts";
import { networkManagementResponses } from "../../specs/response-codes.ts";
import type { Message } from "../iso8583/public.ts";
import type { Purpose } from "./correlator.ts";
import { stanMissing } from "./malformation.ts";
import { plainAnswer } from "./refusal.ts";
import { send, sendReply } from "./reply.ts";
import type { Session } from "./session.ts";

/** A 0800 of the peer: what it asks for and what we say to it are tables. */
export function answerManagement(session: Session, message: Message): void {
  if (message.get("11") === undefined) return session.countMalformed(stanMissing);
  const { link } = session;
  const missing = link.fields.management.mandatory.find((number) => message.elements[number] === undefined) ?? null;
  if (missing !== null) {
    link.count("format_error");
    const field = link.numberOnWire(missing);
    sendReply(session, message, plainAnswer("management", networkManagementResponses.format_error, field));
    return session.countFormatError();
  }
  const asked = askedFor(link.management, message.get("70") ?? "");
  const answer = networkManagementAnswers[asked];
  if (answer === "unsupported") link.count("not_served");
  sendReply(session, message, plainAnswer("management", networkManagementResponses[answer]));
  if (asked === "signOn") session.sign("peer_signed_on");
  else if (asked === "signOff") session.sign("peer_signed_off");
  else if (asked === "cutover") session.cutOver(message.get("15") ?? "");
}

function askedFor(codes: NetworkManagementCodes, code: string): keyof typeof networkManagementAnswers {
  if (codes.echo.includes(code)) return "echo";
  if (codes.signOn.includes(code)) return "signOn";
  if (codes.signOff.includes(code)) return "signOff";
  if (codes.storedAdvices === code) return "storedAdvices";
  if (codes.storedAdvicesEnd.includes(code)) return "storedAdvicesEnd";
  if (codes.cutover.includes(code)) return "cutover";
  return codes.keyExchange.includes(code) ? "keyExchange" : "unknown";
}

/** Asks the peer for something, by 0800. */
export function requestManagement(session: Session, purpose: Purpose): void {
  const { link } = session;
  const code = codeOf(session, purpose);
  if (code === null) return;
  const message = link.newMessage("0800");
  message.set("70", code);
  session.correlator.expect(message.get("7") ?? "", message.get("11") ?? "", purpose);
  send(session, message);
}

function codeOf(session: Session, purpose: Purpose): string | null {
  const { signOn, signOff, echo, storedAdvices } = session.link.management;
  switch (purpose) {
    case "sign_on":
      return signOn[0];
    case "sign_off":
      return signOff[0];
    case "echo":
      return echo[0];
    case "stored_advices":
      return storedAdvices;
  }
}

/** An answer of the peer: to a request of ours, or to nothing that we know of. */
export function takeResponse(session: Session, message: Message): void {
  const { link } = session;
  const isManagement = message.mti === "0810";
  const purpose = isManagement ? session.correlator.take(message.get("7") ?? "", message.get("11") ?? "") : null;
  switch (purpose) {
    case null:
      return link.count("unmatched_response");
    case "sign_on": {
      const isAccepted = message.get("39") === networkManagementResponses.accepted;
      return session.sign(isAccepted ? "sign_on_accepted" : "sign_on_refused");
    }
    case "sign_off":
      return session.sign("sign_off_answered");
    case "echo":
    case "stored_advices":
      return;
  }
}
