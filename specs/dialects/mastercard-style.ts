import type { DialectSpec, FieldSpec, LengthPrefix, Tagged } from "../dialect.ts";
import { emvTags } from "../emv-tags.ts";
import { additionalAmountPositions, originalPositions, processingCodePositions } from "../positions.ts";

const ll = { encoding: "cp500", size: 2, counts: "characters" } as const satisfies LengthPrefix;
const lll = { encoding: "cp500", size: 3, counts: "characters" } as const satisfies LengthPrefix;
const lllBytes = { encoding: "cp500", size: 3, counts: "bytes" } as const satisfies LengthPrefix;

/** One group of DE54. */
const amount = {
  name: "Amount",
  content: "ans",
  encoding: "cp500",
  length: 20,
  shape: additionalAmountPositions,
} as const satisfies FieldSpec;

/** `| tag 2 | length 2 | data |`, as in DE48. */
const subfields = { kind: "tagged", encoding: "cp500", tagDigits: 2, lengthDigits: 2 } as const;

/** `| tag 3 | length 3 | data |`: newer fields, of which only the frame is public. */
const wideSubelements = {
  kind: "tagged",
  encoding: "cp500",
  tagDigits: 3,
  lengthDigits: 3,
  parts: {},
} as const satisfies Tagged;

/** One service that the network has done for the issuer: `15 C `. */
const onBehalfService = {
  name: "On-behalf service",
  content: "ans",
  encoding: "cp500",
  length: 4,
  shape: {
    kind: "positional",
    parts: [
      { name: "Service", content: "an", length: 2 },
      { name: "Result 1", content: "ans", length: 1 },
      { name: "Result 2", content: "ans", length: 1 },
    ],
  },
} as const satisfies FieldSpec;

/** `02G`: who checked the cryptogram, and what came of it. */
const processingInformation = {
  name: "Processing information",
  content: "ans",
  encoding: "cp500",
  length: 3,
  shape: {
    kind: "positional",
    parts: [
      { name: "Processing", content: "an", length: 2 },
      { name: "Result", content: "ans", length: 1 },
    ],
  },
} as const satisfies FieldSpec;

/** `10321`: a bit of the card's or the terminal's results that is not as it should be. */
const resultBit = {
  name: "Verification result in error",
  content: "ans",
  encoding: "cp500",
  length: 5,
  shape: {
    kind: "positional",
    parts: [
      { name: "Card or terminal", content: "an", length: 1 },
      { name: "Byte", content: "an", length: 2 },
      { name: "Bit", content: "an", length: 1 },
      { name: "Value", content: "an", length: 1 },
    ],
  },
} as const satisfies FieldSpec;

/**
 * Mastercard-style, from open material only.
 *
 *   | length 2 |                     framing: big-endian, excludes itself; no header
 *   | MTI 4 | bitmap 8 | second 8 where bit 1 is set | fields       everything but bitmaps and bytes is EBCDIC, cp500
 *   variable fields   LL or LLL digits that count characters, then the value
 *   DE48   | LLL | category code 1 | tag 2 | length 2 | data | tag 2 | …   paths "48.TCC", "48.92"; nested: "48.42.01"
 *          on-behalf services, processing information and chip results are rows of equal groups: "48.71.1.2"
 *   DE54   | LLL | groups of 20 |                                           path "54.1.5"
 *   DE55   | LLL | BER-TLV |                                                path "55.9F26"
 *   DE60   | LLL | reason 3 | detail 4 | text |                             paths "60.1" to "60.3"
 *   DE61   | 026 | 1 1 1 1 1 1 1 1 1 1 1 | 2 | 3 | up to 10 |               paths "61.1" to "61.14"
 *   DE63   | 012 | network 3 | reference 9 |                                paths "63.1", "63.2"
 *   DE104, 105, 112   | LLL | tag 3 | length 3 | data | tag 3 | …           path "105.001"
 */
export const mastercardStyle = {
  name: "mastercard-style",
  title: "Mastercard-style: EBCDIC, binary bitmaps, tagged private data",
  header: "none",
  mti: { encoding: "cp500" },
  bitmap: { encoding: "binary", count: 2 },
  fields: {
    2: { name: "Primary account number", content: "n", encoding: "cp500", max: 19, prefix: ll, sensitive: "pan" },
    3: { name: "Processing code", content: "n", encoding: "cp500", length: 6, shape: processingCodePositions },
    4: { name: "Amount, transaction", content: "n", encoding: "cp500", length: 12 },
    5: { name: "Amount, settlement", content: "n", encoding: "cp500", length: 12 },
    6: { name: "Amount, cardholder billing", content: "n", encoding: "cp500", length: 12 },
    7: { name: "Transmission date and time", content: "n", encoding: "cp500", length: 10 },
    8: { name: "Amount, cardholder billing fee", content: "n", encoding: "cp500", length: 8 },
    9: { name: "Conversion rate, settlement", content: "n", encoding: "cp500", length: 8 },
    10: { name: "Conversion rate, cardholder billing", content: "n", encoding: "cp500", length: 8 },
    11: { name: "System trace audit number", content: "n", encoding: "cp500", length: 6 },
    12: { name: "Time, local transaction", content: "n", encoding: "cp500", length: 6 },
    13: { name: "Date, local transaction", content: "n", encoding: "cp500", length: 4 },
    14: { name: "Date, expiration", content: "n", encoding: "cp500", length: 4, sensitive: "expiry" },
    15: { name: "Date, settlement", content: "n", encoding: "cp500", length: 4 },
    16: { name: "Date, conversion", content: "n", encoding: "cp500", length: 4 },
    17: { name: "Date, capture", content: "n", encoding: "cp500", length: 4 },
    18: { name: "Merchant category code", content: "n", encoding: "cp500", length: 4 },
    19: { name: "Acquiring institution country", content: "n", encoding: "cp500", length: 3 },
    20: { name: "Primary account number country", content: "n", encoding: "cp500", length: 3 },
    21: { name: "Forwarding institution country", content: "n", encoding: "cp500", length: 3 },
    22: {
      name: "Point of service entry mode",
      content: "n",
      encoding: "cp500",
      length: 3,
      shape: {
        kind: "positional",
        parts: [
          { name: "Entry of the PAN", content: "n", length: 2 },
          { name: "PIN capability", content: "n", length: 1 },
        ],
      },
    },
    23: { name: "Card sequence number", content: "n", encoding: "cp500", length: 3 },
    24: { name: "Network international identifier", content: "n", encoding: "cp500", length: 3 },
    25: { name: "Point of service condition code", content: "n", encoding: "cp500", length: 2 },
    26: { name: "PIN capture code", content: "n", encoding: "cp500", length: 2 },
    27: { name: "Authorization code length", content: "n", encoding: "cp500", length: 1 },
    28: { name: "Amount, transaction fee", content: "x+n", encoding: "cp500", length: 9 },
    29: { name: "Amount, settlement fee", content: "x+n", encoding: "cp500", length: 9 },
    30: { name: "Amount, transaction processing fee", content: "x+n", encoding: "cp500", length: 9 },
    31: { name: "Amount, settlement processing fee", content: "x+n", encoding: "cp500", length: 9 },
    32: { name: "Acquiring institution", content: "n", encoding: "cp500", max: 11, prefix: ll },
    33: { name: "Forwarding institution", content: "n", encoding: "cp500", max: 11, prefix: ll },
    34: {
      name: "Primary account number, extended",
      content: "ans",
      encoding: "cp500",
      max: 28,
      prefix: ll,
      sensitive: "pan",
    },
    35: { name: "Track 2", content: "z", encoding: "cp500", max: 37, prefix: ll, sensitive: "track" },
    36: { name: "Track 3", content: "ans", encoding: "cp500", max: 104, prefix: lll, sensitive: "track" },
    37: { name: "Retrieval reference number", content: "anp", encoding: "cp500", length: 12 },
    38: { name: "Authorization code", content: "anp", encoding: "cp500", length: 6 },
    39: { name: "Response code", content: "an", encoding: "cp500", length: 2 },
    40: { name: "Service restriction code", content: "anp", encoding: "cp500", length: 3 },
    41: { name: "Card acceptor terminal", content: "ans", encoding: "cp500", length: 8 },
    42: { name: "Card acceptor", content: "ans", encoding: "cp500", length: 15 },
    43: {
      name: "Card acceptor name and location",
      content: "ans",
      encoding: "cp500",
      length: 40,
      shape: {
        kind: "positional",
        parts: [
          { name: "Name", content: "ans", length: 22 },
          { name: "Blank", content: "ans", length: 1 },
          { name: "City", content: "ans", length: 13 },
          { name: "Blank", content: "ans", length: 1 },
          { name: "Country or state", content: "ans", length: 3 },
        ],
      },
    },
    44: { name: "Additional response data", content: "ans", encoding: "cp500", max: 25, prefix: ll },
    45: { name: "Track 1", content: "ans", encoding: "cp500", max: 76, prefix: ll, sensitive: "track" },
    46: { name: "Expanded additional amounts", content: "ans", encoding: "cp500", max: 999, prefix: lll },
    47: {
      name: "Additional data, national",
      content: "ans",
      encoding: "cp500",
      max: 999,
      prefix: lll,
      sensitive: "secret",
    },
    48: {
      name: "Additional data, private",
      content: "any",
      encoding: "cp500",
      max: 999,
      prefix: lll,
      shape: {
        kind: "tagged",
        encoding: "cp500",
        tagDigits: 2,
        lengthDigits: 2,
        leading: { key: "TCC", name: "Transaction category code" },
        parts: {
          10: { name: "Encrypted PIN block key", content: "any", encoding: "cp500", max: 16, sensitive: "secret" },
          11: { name: "Key exchange data", content: "any", encoding: "cp500", max: 99, sensitive: "secret" },
          12: { name: "Routing indicator", content: "ans", encoding: "cp500", length: 1 },
          13: { name: "Mobile phone to top up", content: "ans", encoding: "cp500", max: 47, sensitive: "secret" },
          15: { name: "Date and time of the advice", content: "n", encoding: "cp500", length: 10 },
          16: { name: "Processor", content: "ans", encoding: "cp500", max: 7 },
          20: { name: "Cardholder verification method", content: "ans", encoding: "cp500", length: 1 },
          32: { name: "Assigned identifier", content: "ans", encoding: "cp500", max: 6 },
          33: {
            name: "Account number mapping",
            content: "any",
            encoding: "cp500",
            max: 99,
            shape: {
              ...subfields,
              parts: {
                "01": { name: "Account number indicator", content: "ans", encoding: "cp500", length: 1 },
                "02": { name: "Account number", content: "n", encoding: "cp500", max: 19, sensitive: "pan" },
                "03": { name: "Expiration date", content: "n", encoding: "cp500", length: 4, sensitive: "expiry" },
                "04": { name: "Product code", content: "ans", encoding: "cp500", max: 3 },
                "05": { name: "Token assurance level", content: "ans", encoding: "cp500", max: 2 },
                "06": { name: "Token requestor", content: "ans", encoding: "cp500", max: 11 },
              },
            },
          },
          34: { name: "Counter of a contactless stripe", content: "ans", encoding: "cp500", max: 11 },
          35: { name: "Device instead of a card", content: "ans", encoding: "cp500", length: 1 },
          38: { name: "Account category", content: "ans", encoding: "cp500", length: 1 },
          39: { name: "Compromised account data", content: "ans", encoding: "cp500", max: 30, sensitive: "secret" },
          40: {
            name: "Certificate serial numbers",
            content: "any",
            encoding: "cp500",
            max: 40,
            shape: {
              ...subfields,
              parts: {
                "01": { name: "Merchant certificate", content: "b", encoding: "binary", max: 16, sensitive: "secret" },
                "02": {
                  name: "Cardholder certificate",
                  content: "b",
                  encoding: "binary",
                  max: 16,
                  sensitive: "secret",
                },
              },
            },
          },
          41: { name: "Qualifying certificate data", content: "any", encoding: "cp500", max: 95, sensitive: "secret" },
          42: {
            name: "Electronic commerce indicators",
            content: "any",
            encoding: "cp500",
            max: 99,
            shape: {
              ...subfields,
              parts: {
                // Security protocol 1, cardholder authentication 1, UCAF collection 1.
                "01": { name: "Security level and UCAF collection", content: "n", encoding: "cp500", length: 3 },
                "02": { name: "Original security level", content: "n", encoding: "cp500", length: 3 },
                "03": { name: "Reason of the change", content: "n", encoding: "cp500", length: 1 },
              },
            },
          },
          43: { name: "UCAF", content: "any", encoding: "cp500", max: 99, sensitive: "secret" },
          44: { name: "Transaction identifier (XID)", content: "b", encoding: "binary", max: 20, sensitive: "secret" },
          45: { name: "3-D Secure response code", content: "ans", encoding: "cp500", length: 1 },
          46: { name: "Card-level result", content: "ans", encoding: "cp500", max: 2 },
          47: { name: "Payment gateway indicator", content: "ans", encoding: "cp500", max: 8 },
          58: { name: "Automat data", content: "ans", encoding: "cp500", max: 33 },
          61: {
            name: "Extended condition codes",
            content: "ans",
            encoding: "cp500",
            max: 5,
            shape: {
              kind: "positional",
              parts: [
                { name: "Partial approval", content: "ans", length: 1 },
                { name: "Purchase without cashback", content: "ans", length: 1 },
                { name: "Real-time substantiation", content: "ans", length: 1 },
                { name: "Transaction security", content: "ans", length: 1 },
                { name: "Final authorization", content: "ans", length: 1 },
              ],
            },
          },
          // Network and reference 9 to 11, settlement date; names the first message of the chain.
          63: { name: "Trace identifier", content: "ans", encoding: "cp500", max: 15 },
          71: {
            name: "On-behalf services",
            content: "ans",
            encoding: "cp500",
            max: 40,
            shape: {
              kind: "sequence",
              parts: [
                onBehalfService,
                onBehalfService,
                onBehalfService,
                onBehalfService,
                onBehalfService,
                onBehalfService,
                onBehalfService,
                onBehalfService,
                onBehalfService,
                onBehalfService,
              ],
            },
          },
          72: { name: "Issuer chip authentication", content: "b", encoding: "binary", max: 16, sensitive: "secret" },
          74: {
            name: "Additional processing information",
            content: "ans",
            encoding: "cp500",
            max: 30,
            shape: {
              kind: "sequence",
              parts: [
                processingInformation,
                processingInformation,
                processingInformation,
                processingInformation,
                processingInformation,
                processingInformation,
                processingInformation,
                processingInformation,
                processingInformation,
                processingInformation,
              ],
            },
          },
          75: {
            name: "Fraud scoring data",
            content: "any",
            encoding: "cp500",
            max: 99,
            shape: {
              ...subfields,
              parts: {
                "01": { name: "Fraud score", content: "ans", encoding: "cp500", max: 3 },
                "02": { name: "Reason of the score", content: "ans", encoding: "cp500", max: 2 },
                "03": { name: "Adjusted score", content: "ans", encoding: "cp500", max: 3 },
                "04": { name: "Reason of the adjustment", content: "ans", encoding: "cp500", max: 2 },
              },
            },
          },
          76: { name: "Electronic acceptance", content: "ans", encoding: "cp500", length: 1 },
          77: { name: "Payment transaction type", content: "ans", encoding: "cp500", length: 3 },
          79: {
            name: "Chip results in error",
            content: "ans",
            encoding: "cp500",
            max: 50,
            shape: {
              kind: "sequence",
              parts: [
                resultBit,
                resultBit,
                resultBit,
                resultBit,
                resultBit,
                resultBit,
                resultBit,
                resultBit,
                resultBit,
                resultBit,
              ],
            },
          },
          80: { name: "PIN service code", content: "ans", encoding: "cp500", length: 2 },
          82: { name: "Address verification request", content: "ans", encoding: "cp500", length: 2 },
          83: { name: "Address verification response", content: "ans", encoding: "cp500", length: 1 },
          84: { name: "Merchant advice code", content: "ans", encoding: "cp500", length: 2 },
          87: { name: "Card validation code result", content: "ans", encoding: "cp500", length: 1 },
          88: { name: "Magnetic stripe compliance status", content: "ans", encoding: "cp500", length: 1 },
          89: { name: "Magnetic stripe compliance error", content: "ans", encoding: "cp500", length: 1 },
          90: { name: "Travel program", content: "ans", encoding: "cp500", length: 1 },
          92: { name: "CVC2", content: "n", encoding: "cp500", length: 3, sensitive: "secret" },
          95: { name: "Promotion code", content: "ans", encoding: "cp500", max: 6 },
        },
      },
    },
    49: { name: "Currency, transaction", content: "n", encoding: "cp500", length: 3 },
    50: { name: "Currency, settlement", content: "n", encoding: "cp500", length: 3 },
    51: { name: "Currency, cardholder billing", content: "n", encoding: "cp500", length: 3 },
    52: { name: "PIN data", content: "b", encoding: "binary", length: 8, sensitive: "pin" },
    53: { name: "Security related control information", content: "n", encoding: "cp500", length: 16 },
    54: {
      name: "Additional amounts",
      content: "ans",
      encoding: "cp500",
      max: 120,
      prefix: lll,
      shape: { kind: "sequence", parts: [amount, amount, amount, amount, amount, amount] },
    },
    55: {
      name: "Chip data",
      content: "b",
      encoding: "binary",
      max: 255,
      prefix: lllBytes,
      sensitive: "chip",
      shape: { kind: "ber-tlv", nests: true, parts: emvTags },
    },
    56: { name: "Payment account data", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    57: { name: "Reserved, national", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    58: { name: "Reserved, national", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    59: { name: "Reserved, national", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    60: {
      name: "Advice reason code",
      content: "ans",
      encoding: "cp500",
      max: 60,
      prefix: lll,
      shape: {
        kind: "positional",
        parts: [
          { name: "Reason", content: "ans", length: 3 },
          { name: "Detail", content: "ans", length: 4, mayEndEarly: true },
          { name: "Text", content: "ans", length: 53, mayEndEarly: true },
        ],
      },
    },
    61: {
      name: "Point of service data",
      content: "ans",
      encoding: "cp500",
      max: 26,
      prefix: lll,
      shape: {
        kind: "positional",
        parts: [
          { name: "Terminal attendance", content: "n", length: 1 },
          { name: "Reserved", content: "n", length: 1 },
          { name: "Terminal location", content: "n", length: 1 },
          { name: "Cardholder presence", content: "n", length: 1 },
          { name: "Card presence", content: "n", length: 1 },
          { name: "Card capture capability", content: "n", length: 1 },
          { name: "Transaction status", content: "n", length: 1 },
          { name: "Transaction security", content: "n", length: 1 },
          { name: "Reserved", content: "n", length: 1 },
          { name: "Cardholder-activated terminal level", content: "n", length: 1 },
          { name: "Card data input capability", content: "n", length: 1 },
          { name: "Authorization life cycle", content: "n", length: 2 },
          { name: "Country", content: "n", length: 3 },
          { name: "Postal code", content: "ans", length: 10, mayEndEarly: true },
        ],
      },
    },
    62: { name: "Intermediate network facility data", content: "ans", encoding: "cp500", max: 100, prefix: lll },
    63: {
      name: "Network data",
      content: "ans",
      encoding: "cp500",
      max: 12,
      prefix: lll,
      shape: {
        kind: "positional",
        parts: [
          { name: "Financial network code", content: "an", length: 3 },
          { name: "Banknet reference number", content: "anp", length: 9, mayEndEarly: true },
        ],
      },
    },
    64: { name: "Message authentication code", content: "b", encoding: "binary", length: 8 },
    66: { name: "Settlement code", content: "n", encoding: "cp500", length: 1 },
    67: { name: "Extended payment code", content: "n", encoding: "cp500", length: 2 },
    68: { name: "Receiving institution country", content: "n", encoding: "cp500", length: 3 },
    69: { name: "Settlement institution country", content: "n", encoding: "cp500", length: 3 },
    70: { name: "Network management information code", content: "n", encoding: "cp500", length: 3 },
    71: { name: "Message number", content: "n", encoding: "cp500", length: 4 },
    72: { name: "Message number, last", content: "n", encoding: "cp500", length: 4 },
    73: { name: "Date, action", content: "n", encoding: "cp500", length: 6 },
    90: { name: "Original data elements", content: "n", encoding: "cp500", length: 42, shape: originalPositions },
    91: { name: "File update code", content: "an", encoding: "cp500", length: 1 },
    92: { name: "File security code", content: "anp", encoding: "cp500", length: 2 },
    94: { name: "Service indicator", content: "anp", encoding: "cp500", length: 7 },
    95: {
      name: "Replacement amounts",
      content: "n",
      encoding: "cp500",
      length: 42,
      shape: {
        kind: "positional",
        parts: [
          { name: "Transaction", content: "n", length: 12 },
          { name: "Settlement", content: "n", length: 12 },
          { name: "Cardholder billing", content: "n", length: 12 },
          { name: "Zeros", content: "n", length: 6 },
        ],
      },
    },
    93: { name: "Response indicator", content: "anp", encoding: "cp500", length: 5 },
    96: { name: "Message security code", content: "b", encoding: "binary", length: 8, sensitive: "secret" },
    98: { name: "Payee", content: "ans", encoding: "cp500", length: 25 },
    99: { name: "Settlement institution", content: "n", encoding: "cp500", max: 11, prefix: ll },
    100: { name: "Receiving institution", content: "n", encoding: "cp500", max: 11, prefix: ll },
    101: { name: "File name", content: "ans", encoding: "cp500", max: 17, prefix: ll },
    102: { name: "Account identification 1", content: "ans", encoding: "cp500", max: 28, prefix: ll, sensitive: "pan" },
    103: { name: "Account identification 2", content: "ans", encoding: "cp500", max: 28, prefix: ll, sensitive: "pan" },
    104: {
      name: "Transaction description",
      content: "any",
      encoding: "cp500",
      max: 999,
      prefix: lll,
      sensitive: "secret",
      shape: wideSubelements,
    },
    105: {
      name: "Multi-use transaction data",
      content: "any",
      encoding: "cp500",
      max: 999,
      prefix: lll,
      sensitive: "secret",
      shape: wideSubelements,
    },
    106: { name: "Reserved, ISO", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    // | tag 2 | length 3 | data |
    108: {
      name: "Reference data",
      content: "any",
      encoding: "cp500",
      max: 999,
      prefix: lll,
      sensitive: "secret",
      shape: { kind: "tagged", encoding: "cp500", tagDigits: 2, lengthDigits: 3, parts: {} },
    },
    110: { name: "Key data", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    112: {
      name: "Additional data, national",
      content: "any",
      encoding: "cp500",
      max: 999,
      prefix: lll,
      sensitive: "secret",
      shape: wideSubelements,
    },
    113: { name: "Reserved, national", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    114: { name: "Reserved, national", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    115: { name: "Reserved, national", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    116: { name: "Reserved, national", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    117: { name: "Reserved, national", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    118: { name: "Reserved, national", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    119: { name: "Reserved, national", content: "any", encoding: "cp500", max: 999, prefix: lll, sensitive: "secret" },
    // Addresses in an authorization; the record of a file in a file update.
    120: {
      name: "Record data",
      content: "any",
      encoding: "cp500",
      max: 999,
      prefix: lll,
      sensitive: "secret",
      variants: [
        {
          when: { test: "mti", values: ["01"] },
          field: {
            name: "Address verification data",
            content: "any",
            encoding: "cp500",
            max: 999,
            prefix: lll,
            shape: {
              ...subfields,
              parts: {
                // Postal code 9, street 20.
                "01": { name: "Postal code and street", content: "ans", encoding: "cp500", max: 49 },
                "02": { name: "Postal code and street, condensed", content: "ans", encoding: "cp500", max: 14 },
                "03": { name: "Postal code and house number", content: "ans", encoding: "cp500", max: 14 },
                "04": { name: "Postal code and house number, reversed", content: "ans", encoding: "cp500", max: 14 },
              },
            },
          },
        },
      ],
    },
    121: { name: "Authorizing agent", content: "anp", encoding: "cp500", max: 6, prefix: lll },
    122: {
      name: "Additional record data",
      content: "any",
      encoding: "cp500",
      max: 999,
      prefix: lll,
      sensitive: "secret",
    },
    123: { name: "Receipt text", content: "any", encoding: "cp500", max: 512, prefix: lll, sensitive: "secret" },
    124: { name: "Member-defined data", content: "any", encoding: "cp500", max: 299, prefix: lll, sensitive: "secret" },
    125: { name: "New PIN data", content: "b", encoding: "binary", length: 8, sensitive: "pin" },
    126: { name: "Private data", content: "any", encoding: "cp500", max: 100, prefix: lll, sensitive: "secret" },
    127: { name: "Private data", content: "any", encoding: "cp500", max: 100, prefix: lll, sensitive: "secret" },
    128: { name: "Message authentication code", content: "b", encoding: "binary", length: 8 },
  },
} as const satisfies DialectSpec;
