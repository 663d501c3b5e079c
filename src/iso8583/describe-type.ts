const versions = ["", "1993 ", "2003 "];
const classes = [
  "reserved message",
  "authorization",
  "financial",
  "file action",
  "reversal or chargeback",
  "reconciliation",
  "administrative",
  "fee collection",
  "network management",
  "reserved message",
];
const functions = [
  "request",
  "response",
  "advice",
  "advice response",
  "notification",
  "notification acknowledgement",
  "instruction",
  "instruction acknowledgement",
  "reserved function",
  "reserved function",
];
const origins = [
  "",
  ", repeated",
  ", from the issuer",
  ", from the issuer, repeated",
  ", from another",
  ", from another, repeated",
];

/** What the four digits of a message type say: "authorization advice, repeated". */
export function typeMeaning(mti: string): string {
  const [version = 0, kind = 0, action = 0, origin = 0] = Array.from(mti, Number);
  return `${versions[version] ?? ""}${classes[kind] ?? ""} ${functions[action] ?? ""}${origins[origin] ?? ""}`;
}
