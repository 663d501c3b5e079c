/** How the card was presented, in the API's words (`authorization_method`). */
export type EntryMethod = "chip" | "contactless" | "keyed_in" | "online" | "swipe";

export interface EntryMode {
  readonly meaning: string;
  readonly method: EntryMethod;
  readonly presence: "present" | "not_present";
}

/**
 * By the first two digits of DE22. What is not listed counts as `00`: a control that demands the card must not be passed
 * by silence. The third digit tells whether a PIN can be typed (see `pinCapabilities`); visa-style has a fourth, filler.
 */
export const entryModes = {
  "00": { meaning: "not told", method: "keyed_in", presence: "not_present" },
  // Typed at the counter or at home: the condition code (DE25, DE61) tells which.
  "01": { meaning: "typed in", method: "keyed_in", presence: "present" },
  "02": { meaning: "magnetic stripe, perhaps not the whole of it", method: "swipe", presence: "present" },
  "03": { meaning: "bar code or other optical code", method: "contactless", presence: "present" },
  "04": { meaning: "characters read from the card", method: "keyed_in", presence: "present" },
  "05": { meaning: "chip", method: "chip", presence: "present" },
  "06": { meaning: "contactless chip, account number mapped", method: "contactless", presence: "present" },
  "07": { meaning: "contactless chip", method: "contactless", presence: "present" },
  "09": { meaning: "remote payment with a chip cryptogram", method: "online", presence: "not_present" },
  "10": { meaning: "credential on file", method: "online", presence: "not_present" },
  "51": { meaning: "chip at an automat", method: "chip", presence: "present" },
  "71": { meaning: "contactless chip at an automat", method: "contactless", presence: "present" },
  "79": { meaning: "chip that could not be read, typed in", method: "keyed_in", presence: "present" },
  "80": { meaning: "chip that could not be read, stripe instead", method: "swipe", presence: "present" },
  "81": { meaning: "electronic commerce", method: "online", presence: "not_present" },
  "82": { meaning: "typed in by a server", method: "online", presence: "not_present" },
  "90": { meaning: "magnetic stripe, the whole of it", method: "swipe", presence: "present" },
  "91": { meaning: "contactless, magnetic stripe data", method: "contactless", presence: "present" },
  "95": { meaning: "chip, whose card code may be unreliable", method: "chip", presence: "present" },
} as const satisfies Readonly<Record<string, EntryMode>>;

/** Third digit of DE22. */
export const pinCapabilities = {
  "0": "not told",
  "1": "a PIN can be typed",
  "2": "no PIN can be typed",
  "3": "a PIN can be typed, by software on a bought device",
  "8": "the keys are out of order",
  "9": "a PIN was typed and checked there",
} as const satisfies Readonly<Record<string, string>>;
