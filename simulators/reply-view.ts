import type { Message } from "../src/iso8583/public.ts";
import type { NetworkSide } from "./network-side.ts";
import { WireCodec } from "./wire-codec.ts";

/** What traffic looks at in a 0110 or 0410. */
export interface ReplyView {
  readonly mti: string;
  /** DE37, and its last nine digits as a number: which purchase it is about. */
  readonly rrn: string;
  readonly sequence: number;
  readonly stan: string;
  /** DE2 and DE4 as they came; "" where absent. */
  readonly pan: string;
  readonly amount: string;
  readonly responseCode: string;
  /** "" where absent. */
  readonly authorizationCode: string;
}

export type ReplyReader = (body: Uint8Array) => ReplyView | null;

/** Reads replies of any dialect through the codec. Null where the bytes are no 0110 or 0410, or no message at all. */
export function replyReader(side: NetworkSide): ReplyReader {
  const codec = new WireCodec(side);
  return (body) => {
    const message = codec.decode(body);
    return message === null || (message.mti !== "0110" && message.mti !== "0410") ? null : viewOf(message);
  };
}

function viewOf(message: Message): ReplyView {
  const rrn = message.get("37") ?? "";
  return {
    mti: message.mti,
    rrn,
    sequence: Number(rrn.slice(3)),
    stan: message.get("11") ?? "",
    pan: message.get("2") ?? "",
    amount: message.get("4") ?? "",
    responseCode: message.get("39") ?? "",
    authorizationCode: message.get("38") ?? "",
  };
}
