import type { FieldsOfNetwork } from "../../specs/message-fields.ts";
import { formatErrorField } from "../../specs/response-codes.ts";
import { chipPlaces } from "../../specs/verification-places.ts";
import type { Verified } from "../authorizer/proofs.ts";
import { type Message, replyHeader, sealFrame } from "../iso8583/public.ts";
import { type AnsweredAmounts, writeAmounts } from "./answered-amounts.ts";
import type { Session } from "./session.ts";

export interface Answer {
  /** Which fields come back: as many as the dialect wants in an answer of this kind. */
  readonly kind: keyof FieldsOfNetwork;
  /** DE39. */
  readonly code: string;
  /** DE38 of an approval. */
  readonly authorizationCode: string | null;
  /** What an answer says of money, where that is more than its request said; null: nothing. */
  readonly amounts: AnsweredAmounts | null;
  /** The data element to blame, which goes into DE44. */
  readonly field: number | null;
  /** What came of the proofs that the request brought along; null or absent: it was not looked at, or brought none. */
  readonly verified?: Verified | null;
}

/** Answers a request. It leaves with everything else that this turn has for the connection. */
export function sendReply(session: Session, request: Message, answer: Answer): void {
  session.link.count("answered");
  session.write(replyFrame(session, request, answer));
}

/** The frame of an answer, as the message log shows it. */
export function replyFrame(session: Session, request: Message, answer: Answer): Uint8Array {
  const { link } = session;
  const header = request.header === null ? null : replyHeader(request.header);
  const reply = link.codec.create(responseType(request.mti), header);
  reply.echo(request, link.fields[answer.kind].echoed);
  if (answer.authorizationCode !== null) reply.set("38", answer.authorizationCode);
  reply.echo(link.responseCode(answer.code), responseCodeField);
  const checks =
    answer.kind === "authorization" && answer.field === null ? link.checks.of(request, answer.verified ?? null) : null;
  if (checks !== null) reply.echo(checks, link.checks.numbers);
  const { issuerAuthentication } = answer.verified ?? noProof;
  if (issuerAuthentication !== null) {
    const path = `${chipPlaces[link.spec.network]}.91`;
    reply.set(path, issuerAuthentication(answer.authorizationCode !== null, answer.code));
  }
  if (answer.amounts !== null) writeAmounts(reply, request, answer.amounts);
  if (answer.field !== null) reply.set(formatErrorField[link.spec.network], String(answer.field).padStart(3, "0"));
  return frameOf(session, reply);
}

const responseCodeField = [39];
const noProof = { issuerAuthentication: null };

export function send(session: Session, message: Message): void {
  session.write(frameOf(session, message));
}

function frameOf({ link, id }: Session, message: Message): Uint8Array {
  const { headerBytes } = link.framing;
  const bytes = link.codec.encode(message, headerBytes);
  link.parts.messages.add(link, id, {
    direction: "out",
    bytes: bytes.subarray(headerBytes),
    atMs: link.parts.clock.wallNow(),
  });
  return sealFrame(link.framing, bytes);
}

const responseTypes = new Map<string, string>();

/** 0100 and 0101 → 0110; 0421 → 0430: the function's answer, and no repeat digit. */
export function responseType(mti: string): string {
  let response = responseTypes.get(mti);
  if (response === undefined) {
    const origin = mti.charCodeAt(3) - 48;
    response = `${mti.slice(0, 2)}${Number(mti.charAt(2)) + 1}${origin - (origin & 1)}`;
    responseTypes.set(mti, response);
  }
  return response;
}
