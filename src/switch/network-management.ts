import { networkManagementResponses } from "../../specs/response-codes.ts";
import { messageFields } from "../../specs/message-fields.ts";
import type { Message } from "../iso8583/public.ts";
import type { Purpose } from "./correlator.ts";
import { stanMissing } from "./malformation.ts";
import { send, sendReply } from "./reply.ts";
import type { Session } from "./session.ts";

/** A 0800 of the peer: sign-on, sign-off and echo. Keys are not exchanged here, so their codes are not supported. */
export function answerManagement(session: Session, message: Message): void {
  if (message.get("11") === undefined) return session.countMalformed(stanMissing);
  const { link } = session;
  const { signOn, signOff, echo } = link.management;
  const { mandatory } = messageFields[link.spec.network].management;
  const missing = mandatory.find((number) => message.elements[number] === undefined) ?? null;
  if (missing !== null) {
    link.count("format_error");
    return answer(session, message, networkManagementResponses.format_error, missing);
  }
  const code = message.get("70") ?? "";
  if (signOn.includes(code)) {
    answer(session, message, networkManagementResponses.accepted, null);
    session.sign("peer_signed_on");
  } else if (signOff.includes(code)) {
    answer(session, message, networkManagementResponses.accepted, null);
    session.sign("peer_signed_off");
  } else if (echo.includes(code)) {
    answer(session, message, networkManagementResponses.accepted, null);
  } else {
    link.count("not_served");
    answer(session, message, networkManagementResponses.unsupported, null);
  }
}

function answer(session: Session, message: Message, code: string, field: number | null): void {
  sendReply(session, message, { kind: "management", code, authorizationCode: null, field });
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
  const isAccepted = message.get("39") === networkManagementResponses.accepted;
  switch (purpose) {
    case null:
      return link.count("unmatched_response");
    case "sign_on":
      session.sign(isAccepted ? "sign_on_accepted" : "sign_on_refused");
      // rules: Links. What was stored for us while the link was down comes now.
      if (isAccepted) requestManagement(session, "stored_advices");
      return;
    case "sign_off":
      return session.sign("sign_off_answered");
    case "echo":
    case "stored_advices":
      return;
  }
}
