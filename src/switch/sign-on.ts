import type { LinkSpec } from "../../specs/links.ts";

/** Whether a connection may carry requests. */
export type SignOnState = "signed_off" | "signing_on" | "signed_on" | "signing_off" | "ended";

export type SignOnEvent =
  /** We have sent 0800 with a sign-on, and they have answered 00, or anything else. */
  | "sign_on_sent"
  | "sign_on_accepted"
  | "sign_on_refused"
  /** They have sent it, and we answer 00. */
  | "peer_signed_on"
  | "peer_signed_off"
  | "sign_off_sent"
  | "sign_off_answered";

/** An event that a state does not list leaves it as it is: an answer that comes too late changes nothing. */
export const signOnTransitions = {
  signed_off: { sign_on_sent: "signing_on", peer_signed_on: "signed_on", sign_off_sent: "signing_off" },
  signing_on: {
    sign_on_accepted: "signed_on",
    sign_on_refused: "signed_off",
    peer_signed_on: "signed_on",
    peer_signed_off: "signed_off",
    sign_off_sent: "signing_off",
  },
  signed_on: { peer_signed_off: "signed_off", sign_off_sent: "signing_off" },
  // Whoever closes a link has decided so: a sign-on of theirs that crosses our sign-off does not open it again.
  signing_off: { sign_off_answered: "ended", peer_signed_off: "ended" },
  ended: {},
} as const satisfies Readonly<Record<SignOnState, Readonly<Partial<Record<SignOnEvent, SignOnState>>>>>;

export function nextSignOnState(state: SignOnState, event: SignOnEvent): SignOnState {
  const transitions: Readonly<Partial<Record<SignOnEvent, SignOnState>>> = signOnTransitions[state];
  return transitions[event] ?? state;
}

/** A link without sign-on serves from the first byte. */
export function firstSignOnState(signOn: LinkSpec["signOn"]): SignOnState {
  return signOn === "none" ? "signed_on" : "signed_off";
}
