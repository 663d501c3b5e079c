import type { Stripe } from "stripe";

/** A claim about types; where it does not hold, this file's importer does not compile. */
export type Claim<Holds extends true> = Holds;

/** The schema's parameters and the SDK's have the same names, the same of them may be absent, and the same values fit. */
export type SameParams<Ours, Theirs> = [Wire<Ours>] extends [Wire<Theirs>]
  ? [Wire<Theirs>] extends [Wire<Ours>]
    ? true
    : "the SDK accepts what the schema does not"
  : "the schema accepts what the SDK does not";

/**
 * What a renderer writes can be read as the SDK's object: nothing is missing, no value is beyond an enum.
 * To see the field at fault, write `const shown: Shown<Theirs> = ours` beside the claim.
 */
export type Shows<Ours, Theirs> = [Ours] extends [Shown<Theirs>] ? true : "what is rendered is not the SDK's object";

declare const absent: unique symbol;

/**
 * Parameters as a form carries them: a name that may be absent carries a mark, so that it cannot be left out unseen;
 * null is written "" and a decimal is text; the SDK's "or a string that we do not know yet" is gone from unions.
 */
type Wire<T> = Texts<Extract<T, string>> | WireOther<Exclude<T, string | null | undefined>>;

type WireOther<T> = T extends Stripe.Decimal
  ? string
  : T extends number | boolean
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Wire<Item>[]
      : T extends object
        ? string extends keyof T
          ? Readonly<Record<string, string>>
          : { readonly [Name in keyof T]-?: Wire<T[Name]> | ({} extends Pick<T, Name> ? typeof absent : never) }
        : never;

/** An object of the SDK as JSON carries it, with its enums closed. */
export type Shown<T> =
  | Texts<Extract<T, string>>
  | Extract<T, null | undefined>
  | ShownOther<Exclude<T, string | null | undefined>>;

type ShownOther<T> = T extends Stripe.Decimal
  ? string
  : T extends number | boolean
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Shown<Item>[]
      : T extends object
        ? {
            readonly [Name in keyof T as Name extends "lastResponse" ? never : Name]: Name extends KeptAsWritten
              ? unknown
              : Shown<T[Name]>;
          }
        : never;

/**
 * Fields whose texts are kept as the schema let them in: categories of merchants, what is wanted of somebody, why a
 * design was rejected, what a file is for (logos of cards have a purpose that the SDK does not name).
 */
type KeptAsWritten = "future_requirements" | "purpose" | "rejection_reasons" | "requirements" | "spending_controls";

type Texts<T extends string> = [T] extends [never] ? never : [Literals<T>] extends [never] ? string : Literals<T>;

type Literals<T extends string> = T extends string ? (string extends T ? never : T) : never;
