/**
 * DE39 of three digits as ISO 8583:1993 has it, by the two characters of 1987: what a link of an imported dialect writes
 * where its own values name no other. A zero put in front would not do: what begins with 0 approves.
 */
export const actionCodes = {
  "00": "000",
  "01": "107",
  "03": "109",
  "04": "200",
  "05": "100",
  "08": "001",
  "10": "002",
  "11": "003",
  "12": "902",
  "13": "110",
  "14": "111",
  "15": "908",
  "19": "903",
  "25": "914",
  "30": "904",
  "40": "115",
  "41": "208",
  "43": "209",
  "51": "116",
  "52": "114",
  "53": "114",
  "54": "101",
  "55": "117",
  "57": "119",
  "58": "120",
  "59": "102",
  "61": "121",
  "62": "104",
  "63": "122",
  "65": "123",
  "75": "106",
  "85": "000",
  "87": "002",
  "91": "907",
  "92": "908",
  "94": "913",
  "96": "909",
} as const satisfies Readonly<Record<string, string>>;

/** Of a code that is not listed: do not honor. */
export const otherActionCode = "100";

/** Action codes that say that it was done: approvals begin with the digit, the others are of reversals and of the network. */
export const actionsDone = { approvalDigit: "0", codes: ["400", "800"] } as const;

/** DE39 in two characters, where a code of the peer's fits no table: what was done, and everything else. */
export const unlistedCodes = { done: "00", other: "05" } as const;
