import { transmissionTimeFreshMs } from "../../specs/limits.ts";
import type { Message } from "../iso8583/public.ts";
import { answerAdministrative } from "./administrative.ts";
import { Exchange } from "./exchange.ts";
import type { ForcedSubject } from "./forced-outcomes.ts";
import type { Link } from "./link.ts";
import { type Refusal, toRequest } from "./mapping.ts";
import { answerManagement, takeResponse } from "./network-management.ts";
import type { DecisionTrace } from "./observation.ts";
import { notSignedOn, overloaded, plainAnswer, refuse, refuseOther, refuseUnreadable, unroutable } from "./refusal.ts";
import { sendReply } from "./reply.ts";
import { isRepeat } from "./responses.ts";
import { toReversal } from "./reversal-mapping.ts";
import { routeOf } from "./route.ts";
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
  const route = routeOf(message.mti);
  switch (route) {
    case "authorization":
    case "financial":
      return ask(session, message, receivedAtMs, route);
    case "advice":
    case "financial_advice":
      return advise(session, message, receivedAtMs, route);
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
    default:
      return answerAdministrative(session, message, route);
  }
}

/** A 0100 or a 0200: something that may be refused, and that somebody waits for. */
function ask(session: Session, message: Message, receivedAtMs: number, route: "authorization" | "financial"): void {
  const { link } = session;
  const { authorizer, forced } = link.parts;
  const request = mapped(link, message, receivedAtMs, "authorization");
  if (!session.isServing) return refuseUnasked(session, message, request, notSignedOn);
  if (!request.ok) return refuse(session, message, "authorization", request.error);
  const subject = request.value;
  const refusal = refusalOf(link, message, subject.pan, receivedAtMs);
  if (refusal !== null) return refuse(session, message, "authorization", refusal);
  const outcome = forced === null ? null : forced.match(subject);
  if (outcome !== null && outcome.kind === "response") {
    link.count("declined");
    return sendReply(session, message, plainAnswer("authorization", outcome.responseCode));
  }
  const exchange = new Exchange(session, message, receivedAtMs, traceOf(session, message));
  exchange.forced = outcome;
  if (!link.inFlight.admit(exchange)) {
    session.endExchange();
    return refuseUnasked(session, message, request, overloaded);
  }
  const proofs = link.checks.proofsIn(message, subject.pan, link.spec.name);
  if (proofs !== null) subject.proofs = proofs;
  exchange.isSentAgain = link.parts.asked.note(subject);
  if (route === "authorization") authorizer.authorize(subject, (decision) => exchange.decideRequest(subject, decision));
  else authorizer.post(subject, (decision) => exchange.decideRequest(subject, decision));
}

/**
 * Nobody is asked, so the answer is the same as when the store is down; but what was handed over before may have had an
 * effect, and gets silence.
 */
function refuseUnasked(
  session: Session,
  message: Message,
  request: ReturnType<typeof toRequest>,
  refusal: Refusal,
): void {
  const { link } = session;
  if (request.ok && link.parts.asked.has(request.value)) return link.count("silent");
  refuse(session, message, "authorization", refusal);
}

/** A 0120 or a 0220. rules: What the switch answers. It is never shed, and silence makes store-and-forward repeat it. */
function advise(session: Session, message: Message, receivedAtMs: number, route: "advice" | "financial_advice"): void {
  const { link } = session;
  const { authorizer } = link.parts;
  if (!session.isServing) return link.count("not_signed_on");
  const told = mapped(link, message, receivedAtMs, "advice");
  if (!told.ok) return refuse(session, message, "advice", told.error);
  if (!link.maySpeakFor(told.value.pan)) return refuse(session, message, "advice", unroutable);
  const exchange = openAdvice(session, message, receivedAtMs, told.value);
  if (route === "advice") authorizer.advise(told.value, (decision) => exchange.decideAdvice(decision));
  else authorizer.post(told.value, (decision) => exchange.decideAdvice(decision));
}

function reverse(session: Session, message: Message, receivedAtMs: number): void {
  const { link } = session;
  const { authorizer, clock } = link.parts;
  // Silence, so that store-and-forward brings it again when the link is up.
  if (!session.isServing) return link.count("not_signed_on");
  const arrival = { wallNowMs: receivedAtMs, businessNowMs: clock.businessNow() };
  const undone = toReversal(link.mapping, link.fields.reversal, message, arrival);
  if (!undone.ok) return refuse(session, message, "reversal", undone.error);
  if (!link.maySpeakFor(undone.value.pan)) return refuse(session, message, "reversal", unroutable);
  const exchange = openAdvice(session, message, receivedAtMs, undone.value);
  authorizer.reverse(undone.value, (decision) => exchange.decideReversal(decision));
}

function openAdvice(session: Session, message: Message, receivedAtMs: number, subject: ForcedSubject): Exchange {
  const { link } = session;
  const exchange = new Exchange(session, message, receivedAtMs, traceOf(session, message));
  exchange.forced = link.parts.forced === null ? null : link.parts.forced.matchTold(subject);
  link.advicesInFlight++;
  return exchange;
}

function mapped(
  link: Link,
  message: Message,
  receivedAtMs: number,
  kind: "authorization" | "advice",
): ReturnType<typeof toRequest> {
  return toRequest(link, link.fields[kind], message, {
    wallNowMs: receivedAtMs,
    businessNowMs: link.parts.clock.businessNow(),
    deadlineMs: receivedAtMs + link.spec.limits.decisionMs,
  });
}

/** What only the link can tell of a request that is complete. */
function refusalOf(link: Link, message: Message, pan: string, receivedAtMs: number): Refusal | null {
  if (!link.maySpeakFor(pan)) return unroutable;
  const sentAtMs = transmissionMoment(message.get("7") ?? "", receivedAtMs);
  if (sentAtMs === null) return { response: "format_error", field: 7 };
  // rules: Identity. Per link, and never for reversals and advices; nor for a repeat, which gets the first answer
  // however late it comes.
  if (!link.spec.wantsFreshTransmissionTime || isRepeat(message.mti)) return null;
  const isStale = receivedAtMs - sentAtMs > transmissionTimeFreshMs;
  return isStale ? { response: "stale_transmission_time", field: null } : null;
}

/** A message of ours that the network sends back unread. What it answered stays unanswered, so it will be repeated. */
function takeReject({ link, id }: Session, message: Message, rejectCode: string): void {
  link.count("rejected");
  const { mti } = message;
  link.parts.log.warn({ link: link.spec.name, session: id, mti, rejectCode }, "the network rejects a message of ours");
}

function traceOf(session: Session, message: Message): DecisionTrace | null {
  const { link } = session;
  if (!link.isTraced()) return null;
  return {
    link: link.spec.name,
    session: session.id,
    mti: message.mti,
    stan: message.get("11") ?? "",
    receivedAt: session.frameStartedAtMs,
    askedAt: link.parts.clock.monotonicNow(),
    decidedAt: null,
    answeredAt: null,
    outcome: null,
    responseCode: null,
  };
}
