type Presence = "present" | "not_present";

/**
 * Whether the card was at the merchant, by the first two digits of DE22. What is not listed was not there: a control
 * that demands the card must not be passed by silence.
 */
export const presenceByEntryMode = {
  "02": "present",
  "03": "present",
  "04": "present",
  "05": "present",
  "06": "present",
  "07": "present",
  "79": "present",
  "80": "present",
  "90": "present",
  "91": "present",
  // Typed in by hand, at the counter or at home: the condition code tells which.
  "01": "present",
  "00": "not_present",
  "09": "not_present",
  "10": "not_present",
  "81": "not_present",
} as const satisfies Readonly<Record<string, Presence>>;

/** DE25 of orders without the card, whatever the entry mode says: absent, by mail or telephone, on the internet. */
export const conditionsWithoutCard = ["01", "08", "59"] as const satisfies readonly string[];

/** Mastercard-style DE61.5. */
export const presenceByCardPresenceCode = {
  "0": "present",
  "1": "not_present",
} as const satisfies Readonly<Record<string, Presence>>;
