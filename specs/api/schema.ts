/** A part of JSON Schema that says what the API accepts. A value that fits several of `anyOf` is read by the first. */
export type ParamSchema = TextSchema | NumberSchema | FlagSchema | ListSchema | ObjectSchema | MapSchema | AnyOfSchema;

/** The parameters of one operation: an object whose names are known. */
export type ParamsSchema = ObjectSchema;

export interface TextSchema {
  readonly type: "string";
  /** 1: the empty string, by which a caller unsets a field, is refused. */
  readonly minLength?: 1;
  readonly enum?: readonly string[];
  /** `decimal`: a number as text, exact. `binary`: a part of a multipart body, read as its file name. */
  readonly format?: "decimal" | "binary";
}

export interface NumberSchema {
  /** An integer is exact: up to 2^53 - 1 on either side of zero. */
  readonly type: "integer" | "number";
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface FlagSchema {
  readonly type: "boolean";
  readonly enum?: readonly boolean[];
}

export interface ListSchema {
  readonly type: "array";
  readonly items: ParamSchema;
}

export interface ObjectSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, ParamSchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/** Names that the caller chooses: metadata. */
export interface MapSchema {
  readonly type: "object";
  readonly additionalProperties: { readonly type: "string"; readonly maxLength: number };
  readonly maxProperties: number;
  readonly propertyNames: { readonly maxLength: number };
}

export interface AnyOfSchema {
  readonly anyOf: readonly ParamSchema[];
}
