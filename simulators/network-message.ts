import type { AdviceMti, AuthorizationMti, FinancialMti, NetworkSide, ReversalMti } from "./network-side.ts";
import type { Advice, Purchase, Undo, WireFields } from "./purchase.ts";

/** One message about money, ready to be written in the way of any network. */
export type NetworkMessage =
  | { readonly kind: "request"; readonly mti: AuthorizationMti | FinancialMti; readonly purchase: Purchase }
  | { readonly kind: "advice"; readonly mti: AdviceMti; readonly advice: Advice }
  | { readonly kind: "reversal"; readonly mti: ReversalMti; readonly undo: Undo };

/** A message that waits in store-and-forward until it is answered: advices and reversal advices. */
export type StoredMessage = Exclude<NetworkMessage, { kind: "request" }>;

/** The fields as this network writes them; DE7 is `nowMs`. */
export function fieldsOf(side: NetworkSide, message: NetworkMessage, nowMs: number): WireFields {
  switch (message.kind) {
    case "request":
      return side.request(message.purchase, message.mti, nowMs);
    case "advice":
      return side.advice(message.advice, message.mti, nowMs);
    case "reversal":
      return side.reversal(message.undo, message.mti, nowMs);
  }
}

/** What the message is about. */
export function purchaseIn(message: NetworkMessage): Purchase {
  switch (message.kind) {
    case "request":
      return message.purchase;
    case "advice":
      return message.advice.purchase;
    case "reversal":
      return message.undo.purchase;
  }
}

/** The same message as a repeat: 0100 → 0101, 0420 → 0421. */
export function repeatOf(message: NetworkMessage): NetworkMessage {
  switch (message.kind) {
    case "request":
      return { ...message, mti: message.mti.startsWith("01") ? "0101" : "0201" };
    case "advice":
      return { ...message, mti: message.mti.startsWith("01") ? "0121" : "0221" };
    case "reversal":
      return { ...message, mti: message.mti.startsWith("042") ? "0421" : "0401" };
  }
}
