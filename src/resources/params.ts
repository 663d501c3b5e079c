import type {
  AnyOfSchema,
  FlagSchema,
  ListSchema,
  MapSchema,
  NumberSchema,
  ObjectSchema,
  TextSchema,
} from "../../specs/api/schema.ts";

export type { ParamsSchema } from "../../specs/api/schema.ts";

/** What a handler gets of what a schema lets through. "" stands in a field that the caller wants to be unset. */
export type ParamsOf<Schema> = ObjectSchema extends Schema
  ? AnyParams
  : Schema extends AnyOfSchema
    ? ParamsOf<Schema["anyOf"][number]>
    : Schema extends TextSchema
      ? TextOf<Schema>
      : Schema extends NumberSchema
        ? number
        : Schema extends FlagSchema
          ? FlagOf<Schema>
          : Schema extends ListSchema
            ? readonly ParamsOf<Schema["items"]>[]
            : Schema extends MapSchema
              ? Readonly<Record<string, string>>
              : Schema extends ObjectSchema
                ? ObjectOf<Schema>
                : never;

/** Of a route among others, whose schema is not known to the compiler. */
type AnyParams = Readonly<Record<string, unknown>>;

type TextOf<Schema extends TextSchema> = Schema extends { readonly enum: readonly (infer Member)[] } ? Member : string;

type FlagOf<Schema extends FlagSchema> = Schema extends { readonly enum: readonly (infer Member)[] } ? Member : boolean;

type ObjectOf<Schema extends ObjectSchema> = Flat<
  {
    readonly [Name in Required<Schema>]: ParamsOf<Schema["properties"][Name]>;
  } & {
    readonly [Name in Exclude<keyof Schema["properties"], Required<Schema>>]?: ParamsOf<Schema["properties"][Name]>;
  }
>;

type Required<Schema extends ObjectSchema> = Extract<Schema["required"][number], keyof Schema["properties"]>;

/** One object in place of an intersection, so that an error of the compiler names the field. */
type Flat<T> = { readonly [Name in keyof T]: T[Name] };
