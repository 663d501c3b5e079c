import type { RequestResponse } from "../../specs/response-codes.ts";
import type { DecodeError, Message } from "../iso8583/public.ts";
import { stanMissing } from "./malformation.ts";
import type { Refusal } from "./mapping.ts";
import type { SwitchEvent } from "./observation.ts";
import { type Answer, sendReply } from "./reply.ts";
import { answerToRefusal } from "./responses.ts";
import { answerKindOf, routeOf } from "./route.ts";
import type { Session } from "./session.ts";

export const notSignedOn: Refusal = { response: "not_signed_on", field: null };
export const overloaded: Refusal = { response: "overloaded", field: null };
export const unroutable: Refusal = { response: "unroutable", field: null };

/** Answers what is not passed on to be decided, or says nothing where the tables want that. */
export function refuse(session: Session, message: Message, kind: Answer["kind"], refusal: Refusal): void {
  const { link } = session;
  if (message.get("11") === undefined) return session.countMalformed(stanMissing);
  const { response } = refusal;
  const field = refusal.field === null ? null : link.numberOnWire(refusal.field);
  const code = answerToRefusal(response, message.mti, link.spec.network);
  link.count(eventOf[response] ?? "declined");
  if (code !== null) sendReply(session, message, plainAnswer(kind, code, field));
  if (response === "format_error") session.countFormatError();
}

const eventOf: Readonly<Partial<Record<RequestResponse, SwitchEvent>>> = {
  format_error: "format_error",
  unsupported_message: "not_served",
  unroutable: "unroutable",
  stale_transmission_time: "stale",
  not_signed_on: "not_signed_on",
  overloaded: "shed",
};

/** A message of a type that stands in no table. */
export function refuseOther(session: Session, message: Message): void {
  const { link } = session;
  link.count("not_served");
  link.noteUnserved(message.mti);
  const code = answerToRefusal("unsupported_message", message.mti, link.spec.network);
  if (code === null || message.get("11") === undefined) return;
  sendReply(session, message, plainAnswer("other", code));
}

/** rules: a request whose type and STAN can be read is told which field is wrong; anything else is counted. */
export function refuseUnreadable(session: Session, error: DecodeError): void {
  const { link } = session;
  const message = error.partial;
  const kind = message === null ? null : answerKindOf(routeOf(message.mti));
  if (message === null || kind === null || message.get("11") === undefined) return session.countMalformed(error);
  link.count("format_error");
  const field = Number.parseInt(error.path, 10);
  const code = answerToRefusal("format_error", message.mti, link.spec.network);
  if (code !== null) sendReply(session, message, plainAnswer(kind, code, field >= 1 ? field : null));
  session.countFormatError();
}

/** An answer that says nothing but its DE39 and, beside a 30, which field is to blame. */
export function plainAnswer(kind: Answer["kind"], code: string, field: number | null = null): Answer {
  return { kind, code, authorizationCode: null, amounts: null, field };
}
