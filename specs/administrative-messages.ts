/** What becomes of a message that neither moves money nor manages the link. */
export interface AdministrativeMessage {
  readonly meaning: string;
  /** The type of the answer; null: none is due. */
  readonly answer: string | null;
  /** Name of its DE39 in `administrativeResponses`: `logged` is an advice that we take note of. */
  readonly response: "logged" | "unsupported";
}

/**
 * By message type. Advices are logged and accepted, so that store-and-forward does not repeat them for ever; what asks for
 * something that nobody does here is told so. A repeat has its original's row and answer.
 */
export const administrativeMessages = {
  "0300": { meaning: "file update of the acquirer", answer: "0310", response: "unsupported" },
  "0302": { meaning: "file update of the issuer", answer: "0312", response: "unsupported" },
  "0320": { meaning: "advice of a file update of the acquirer", answer: "0330", response: "logged" },
  "0322": { meaning: "advice of a file update of the issuer", answer: "0332", response: "logged" },
  "0422": { meaning: "advice of a chargeback", answer: "0432", response: "logged" },
  "0600": { meaning: "administrative request", answer: "0610", response: "unsupported" },
  "0620": { meaning: "administrative advice", answer: "0630", response: "logged" },
  "0820": { meaning: "advice about the network", answer: "0830", response: "logged" },
} as const satisfies Readonly<Record<string, AdministrativeMessage>>;

/** DE39, the same on every network. */
export const administrativeResponses = {
  logged: "00",
  unsupported: "40",
  format_error: "30",
} as const satisfies Readonly<Record<string, string>>;
