import type { AppError } from "../app/app-error.ts";
import type { DataSet } from "../app/data-set.ts";
import type { Config } from "../config.ts";
import type { HotAddress } from "../store/hot-connection.ts";

export const roles = ["switch", "platform"] as const;
export type Role = (typeof roles)[number];

/** What a child needs to open its role. Keys do not cross: it reads the key file itself. */
export interface PlacePart {
  readonly config: Config;
  readonly dataSet: Omit<DataSet, "keys">;
  readonly redis: { readonly address: HotAddress; readonly password: string | null };
}

/** Where the open role can be reached. */
export interface RoleInfo {
  readonly ports: Readonly<Record<string, number>>;
  readonly adminUrl: string | null;
  /** A key of the API that was made known just now, so that it can be told; null: none. */
  readonly newKey: string | null;
}

/** A line from a child. */
export type FromChild =
  | { readonly kind: "hello"; readonly role: Role; readonly pid: number }
  | { readonly kind: "ready"; readonly info: RoleInfo }
  | { readonly kind: "failed"; readonly error: AppError }
  /** A question to the other child; the supervisor passes it on. */
  | Ask
  | Answer;

/** A line to a child. */
export type ToChild =
  | { readonly kind: "place"; readonly place: PlacePart }
  /** Whether the other child is there to be asked. */
  | { readonly kind: "neighbour"; readonly isUp: boolean }
  | { readonly kind: "stop" }
  | Ask
  | Answer;

export interface Ask {
  readonly kind: "ask";
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface Answer {
  readonly kind: "answer";
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: string;
}
