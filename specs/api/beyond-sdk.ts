/** Parameters that the API takes and the SDK's types do not know; `rawRequest` and curl send them. */

import { emptyableInteger, flag, integer, pageSize, text, texts } from "./forms.ts";
import { fileCreateParams as fileOfSdk } from "./files.ts";
import { payoutCreateParams as payoutOfSdk } from "./payouts.ts";
import { topupCreateParams as topupOfSdk } from "./topups.ts";
import { merchantDataCategories } from "./enums.ts";

/** Which balance of an account money goes to; without it the payments balance. */
const balanceName = { type: "string", enum: ["issuing", "payments"] } as const;

/** Logos of cards are files of a purpose that the SDK does not name. */
export const fileCreateParams = {
  ...fileOfSdk,
  properties: {
    ...fileOfSdk.properties,
    purpose: { type: "string", enum: [...fileOfSdk.properties.purpose.enum, "issuing_logo"] },
  },
} as const;

export const topupCreateParams = {
  ...topupOfSdk,
  properties: { ...topupOfSdk.properties, destination_balance: balanceName },
} as const;

export const payoutCreateParams = {
  ...payoutOfSdk,
  properties: {
    ...payoutOfSdk.properties,
    source_type: { type: "string", enum: [...payoutOfSdk.properties.source_type.enum, "issuing"] },
  },
} as const;

const dayOfWeek = ["friday", "monday", "thursday", "tuesday", "wednesday"] as const;

/** Of what the SDK knows: rules by currency are left out, because nothing is paid out by itself. */
export const balanceSettingsUpdateParams = {
  type: "object",
  properties: {
    expand: texts,
    payments: {
      type: "object",
      properties: {
        debit_negative_balances: flag,
        payouts: {
          type: "object",
          properties: {
            schedule: {
              type: "object",
              properties: {
                interval: { type: "string", enum: ["daily", "manual", "monthly", "weekly"] },
                monthly_payout_days: { type: "array", items: { type: "integer", minimum: 1, maximum: 31 } },
                weekly_payout_days: { type: "array", items: { type: "string", enum: dayOfWeek } },
              },
              required: [],
              additionalProperties: false,
            },
            statement_descriptor: text,
          },
          required: [],
          additionalProperties: false,
        },
        settlement_timing: {
          type: "object",
          properties: { delay_days_override: emptyableInteger },
          required: [],
          additionalProperties: false,
        },
      },
      required: [],
      additionalProperties: false,
    },
  },
  required: [],
  additionalProperties: false,
} as const;

export const balanceSettingsRetrieveParams = {
  type: "object",
  properties: { expand: texts },
  required: [],
  additionalProperties: false,
} as const;

const bankTransfer = {
  type: "object",
  properties: {
    type: { type: "string", enum: ["eu_bank_transfer", "gb_bank_transfer", "us_bank_transfer"] },
    eu_bank_transfer: {
      type: "object",
      properties: { country: text },
      required: [],
      additionalProperties: false,
    },
  },
  required: ["type"],
  additionalProperties: false,
} as const;

export const issuingFundingInstructionsCreateParams = {
  type: "object",
  properties: {
    bank_transfer: bankTransfer,
    currency: text,
    expand: texts,
    funding_type: { type: "string", enum: ["bank_transfer"] },
  },
  required: ["currency", "funding_type"],
  additionalProperties: false,
} as const;

export const issuingFundingInstructionsListParams = {
  type: "object",
  properties: { ending_before: text, expand: texts, limit: pageSize, starting_after: text },
  required: [],
  additionalProperties: false,
} as const;

export const testHelpersIssuingFundBalanceParams = {
  type: "object",
  properties: {
    amount: integer,
    currency: text,
    expand: texts,
    reference: text,
  },
  required: ["amount", "currency"],
  additionalProperties: false,
} as const;

/** Of POST /v1/issuing/cards/{card}/test/authorizations, the older form of the test helper. */
export const issuingCardTestAuthorizationCreateParams = {
  type: "object",
  properties: {
    amount: integer,
    authorization_method: { type: "string", enum: ["chip", "contactless", "keyed_in", "online", "swipe"] },
    currency: text,
    expand: texts,
    held_amount: integer,
    held_currency: text,
    is_held_amount_controllable: flag,
    merchant_data: {
      type: "object",
      properties: {
        category: { type: "string", enum: merchantDataCategories },
        city: text,
        country: text,
        name: text,
        network_id: text,
        postal_code: text,
        state: text,
        terminal_id: text,
        url: text,
      },
      required: [],
      additionalProperties: false,
    },
  },
  required: [],
  additionalProperties: false,
} as const;
