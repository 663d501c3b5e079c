import type { NetworkName } from "../purchase.ts";
import type { CardWish, ProgramChange } from "./scenario.ts";

/** A card as the issuer has made it. */
export interface IssuedCard {
  /** The issuer's own name of it. */
  readonly id: string;
  readonly pan: string;
  /** YYMM. */
  readonly expiry: string;
}

export interface CardBalance {
  /** Minor units of the card currency. */
  readonly available: bigint;
  readonly held: bigint;
  /** What remains of each open hold of the card. */
  readonly holds: readonly bigint[];
}

/** What a scenario needs of the issuer beside its wire. Each call resolves when it is in force for the next message. */
export interface ScenarioIssuer {
  readonly links: Readonly<Partial<Record<NetworkName, { readonly host: string; readonly port: number }>>>;
  /** Business time in milliseconds. */
  businessNow(): number;
  issue(wish: CardWish): Promise<IssuedCard>;
  change(card: IssuedCard, change: ProgramChange): Promise<void>;
  balance(card: IssuedCard): Promise<CardBalance>;
  /** "31d", "2h". */
  advance(span: string): Promise<void>;
  /** What does not hold in its books, readable; none: all of it holds. */
  verify(): Promise<readonly string[]>;
}
