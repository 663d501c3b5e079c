import { transmissionTimeFreshMs } from "../../specs/limits.ts";
import type { RequestResponse } from "../../specs/response-codes.ts";
import type { DecodeError, Message } from "../iso8583/public.ts";
import { Exchange } from "./exchange.ts";
import type { Link } from "./link.ts";
import { stanMissing } from "./malformation.ts";
import { type Refusal, toAuthorization, toReversal } from "./mapping.ts";
import { answerManagement, takeResponse } from "./network-management.ts";
import type { DecisionTrace } from "./observation.ts";
import { type Answer, sendReply } from "./reply.ts";
import { answerToRefusal, isRepeat } from "./responses.ts";
import type { Session } from "./session.ts";
import { transmissionMoment } from "./transmission-time.ts";

/** One frame from a peer: it is read, and each kind of message goes its way. `receivedAtMs`: wall time at its first byte. */
export function receive(session: Session, bytes: Uint8Array, receivedAtMs: number): void {
  const { link } = session;
  link.count("frame_received");
  link.parts.messages.add(link, session.id, { direction: "in", bytes, atMs: receivedAtMs });
  const decoded = link.codec.decode(bytes);
  if (!decoded.ok) return refuseUnreadable(session, decoded.error);
  const { message } = decoded;
  const rejectCode = message.header?.rejectCode ?? null;
  if (rejectCode !== null) return takeReject(session, message, rejectCode);
  switch (kindOf(message.mti)) {
    case "authorization":
      return authorize(session, message, receivedAtMs);
    case "reversal":
      return reverse(session, message, receivedAtMs);
    case "management":
      return answerManagement(session, message);
    case "response":
      return takeResponse(session, message);
    case "notice":
      return link.count("not_served");
    case "other":
      return refuseOther(session, message);
  }
}

type Kind = Answer["kind"] | "response" | "notice";

const kinds = new Map<string, Kind>([
  ["0100", "authorization"],
  ["0101", "authorization"],
  ["0400", "reversal"],
  ["0401", "reversal"],
  ["0420", "reversal"],
  ["0421", "reversal"],
  ["0800", "management"],
  ["0801", "management"],
]);

function kindOf(mti: string): Kind {
  const known = kinds.get(mti);
  if (known !== undefined) return known;
  const functionDigit = mti.charCodeAt(2) - 48;
  // ISO 8583: odd functions answer. A notification (4) and advice of network management (0820) want no answer.
  const isNotice = functionDigit >= 4 || mti.startsWith("082");
  const kind = (functionDigit & 1) === 1 ? "response" : isNotice ? "notice" : "other";
  kinds.set(mti, kind);
  return kind;
}

function authorize(session: Session, message: Message, receivedAtMs: number): void {
  const { link } = session;
  const { authorizer, clock } = link.parts;
  if (!session.isServing) return refuse(session, message, "authorization", { response: "not_signed_on", field: null });
  const request = toAuthorization(link.mapping, message, {
    wallNowMs: receivedAtMs,
    businessNowMs: clock.businessNow(),
    deadlineMs: receivedAtMs + link.spec.limits.decisionMs,
  });
  const refusal = request.ok ? refusalOf(link, message, request.value.pan, receivedAtMs) : request.error;
  if (!request.ok || refusal !== null) {
    return refuse(session, message, "authorization", refusal ?? { response: "malfunction", field: null });
  }
  const exchange = new Exchange(session, message, receivedAtMs, link.isTraced() ? startTrace(session, message) : null);
  // Known not to have had an effect, so the answer is the same as when the store is down.
  if (!link.inFlight.admit(exchange)) {
    return refuse(session, message, "authorization", { response: "overloaded", field: null });
  }
  authorizer.authorize(request.value, (decision) => exchange.decideAuthorization(decision));
}

/** What only the link can tell of a request that is complete. */
function refusalOf(link: Link, message: Message, pan: string, receivedAtMs: number): Refusal | null {
  if (!link.maySpeakFor(pan)) return { response: "unroutable", field: null };
  const sentAtMs = transmissionMoment(message.get("7") ?? "", receivedAtMs);
  if (sentAtMs === null) return { response: "format_error", field: 7 };
  // rules: Identity. Per link, and never for reversals and advices; nor for a repeat, which gets the first answer
  // however late it comes.
  if (!link.spec.wantsFreshTransmissionTime || isRepeat(message.mti)) return null;
  const isStale = receivedAtMs - sentAtMs > transmissionTimeFreshMs;
  return isStale ? { response: "stale_transmission_time", field: null } : null;
}

function reverse(session: Session, message: Message, receivedAtMs: number): void {
  const { link } = session;
  const { authorizer, clock } = link.parts;
  // Silence, so that store-and-forward brings it again when the link is up.
  if (!session.isServing) return link.count("not_signed_on");
  const request = toReversal(link.mapping, message, { wallNowMs: receivedAtMs, businessNowMs: clock.businessNow() });
  if (!request.ok) return refuse(session, message, "reversal", request.error);
  if (!link.maySpeakFor(request.value.pan)) {
    return refuse(session, message, "reversal", { response: "unroutable", field: null });
  }
  const exchange = new Exchange(session, message, receivedAtMs, link.isTraced() ? startTrace(session, message) : null);
  link.reversalsInFlight++;
  authorizer.reverse(request.value, (decision) => exchange.decideReversal(decision));
}

const eventOf: Readonly<Partial<Record<RequestResponse, Parameters<Link["count"]>[0]>>> = {
  format_error: "format_error",
  unsupported_message: "not_served",
  unroutable: "unroutable",
  stale_transmission_time: "stale",
  not_signed_on: "not_signed_on",
  overloaded: "shed",
};

function refuse(session: Session, message: Message, kind: "authorization" | "reversal", refusal: Refusal): void {
  const { link } = session;
  if (message.get("11") === undefined) return session.countMalformed(stanMissing);
  const { response, field } = refusal;
  const code = answerToRefusal(response, message.mti, link.spec.network);
  link.count(eventOf[response] ?? "declined");
  if (code !== null) sendReply(session, message, { kind, code, authorizationCode: null, field });
}

function refuseOther(session: Session, message: Message): void {
  const { link } = session;
  link.count("not_served");
  if (link.isFirstUnserved(message.mti)) {
    link.parts.log.info(
      { link: link.spec.name, mti: message.mti },
      "the first of a kind of message that is not served",
    );
  }
  const code = answerToRefusal("unsupported_message", message.mti, link.spec.network);
  if (code === null || message.get("11") === undefined) return;
  sendReply(session, message, { kind: "other", code, authorizationCode: null, field: null });
}

/** rules: a request whose type and STAN can be read is told which field is wrong; anything else is counted. */
function refuseUnreadable(session: Session, error: DecodeError): void {
  const { link } = session;
  const message = error.partial;
  const kind = message === null ? "notice" : kindOf(message.mti);
  const isAnswerable = kind !== "notice" && kind !== "response" && message?.get("11") !== undefined;
  if (message === null || !isAnswerable) return session.countMalformed(error);
  link.count("format_error");
  const field = Number.parseInt(error.path, 10);
  const code = answerToRefusal("format_error", message.mti, link.spec.network);
  if (code === null) return;
  sendReply(session, message, { kind, code, authorizationCode: null, field: field >= 1 ? field : null });
}

/** A message of ours that the network sends back unread. What it answered stays unanswered, so it will be repeated. */
function takeReject({ link, id }: Session, message: Message, rejectCode: string): void {
  link.count("rejected");
  const { mti } = message;
  link.parts.log.warn({ link: link.spec.name, session: id, mti, rejectCode }, "the network rejects a message of ours");
}

function startTrace(session: Session, message: Message): DecisionTrace {
  return {
    link: session.link.spec.name,
    session: session.id,
    mti: message.mti,
    stan: message.get("11") ?? "",
    receivedAt: session.frameStartedAtMs,
    askedAt: session.link.parts.clock.monotonicNow(),
    decidedAt: null,
    answeredAt: null,
    outcome: null,
    responseCode: null,
  };
}
