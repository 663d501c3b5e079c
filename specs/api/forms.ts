/** What many operations accept in the same form. Fields that can be unset accept "", which is how a form says null. */

export const unset = { type: "string", enum: [""] } as const;

export const text = { type: "string", minLength: 1 } as const;

export const emptyableText = { type: "string" } as const;

export const integer = { type: "integer" } as const;

export const emptyableInteger = { anyOf: [unset, integer] } as const;

export const fraction = { type: "number" } as const;

export const emptyableFraction = { anyOf: [unset, fraction] } as const;

export const decimal = { type: "string", minLength: 1, format: "decimal" } as const;

export const emptyableDecimal = { anyOf: [unset, decimal] } as const;

export const flag = { type: "boolean" } as const;

export const upload = { type: "string", format: "binary" } as const;

export const texts = { type: "array", items: text } as const;

export const emptyableTexts = { anyOf: [unset, texts] } as const;

/** Stripe: at most 50 keys of 40 characters with values of 500; an empty value deletes its key. */
export const metadata = {
  type: "object",
  additionalProperties: { type: "string", maxLength: 500 },
  maxProperties: 50,
  propertyNames: { maxLength: 40 },
} as const;

export const emptyableMetadata = { anyOf: [unset, metadata] } as const;

/** How many items of a list are wanted. */
export const pageSize = { type: "integer", minimum: 1, maximum: 100 } as const;

/** A moment, or a stretch of time, in Unix seconds. */
export const moments = {
  anyOf: [
    integer,
    {
      type: "object",
      properties: { gt: integer, gte: integer, lt: integer, lte: integer },
      required: [],
      additionalProperties: false,
    },
  ],
} as const;
