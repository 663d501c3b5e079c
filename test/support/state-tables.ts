import type { ApiUnderTest } from "./api.ts";
import type { CardProgram } from "./card-program.ts";

export interface StateGround {
  readonly api: ApiUnderTest;
  readonly program: CardProgram;
}

/**
 * What an object may come to, as its analyst would draw it: per state and act the status after it, or null where the
 * act is refused and changes nothing. It is written from Stripe's documents, beside the tables that the product uses.
 */
export interface StateTable<State extends string, Act extends string> {
  readonly object: string;
  /** Makes an object that is in the state and gives its id. */
  readonly make: Readonly<Record<State, (ground: StateGround) => Promise<string>>>;
  readonly acts: Readonly<Record<Act, (ground: StateGround, id: string) => Promise<unknown>>>;
  readonly retrieve: (ground: StateGround, id: string) => Promise<object>;
  /** Status of what was retrieved. */
  readonly statusOf: (ground: StateGround, id: string) => Promise<string | null>;
  readonly edges: Readonly<Record<State, Readonly<Record<Act, string | null>>>>;
}

/** One field of a table. */
export interface Edge {
  readonly object: string;
  readonly from: string;
  readonly act: string;
  /** Null: refused. */
  readonly to: string | null;
  readonly make: (ground: StateGround) => Promise<string>;
  readonly perform: (ground: StateGround, id: string) => Promise<unknown>;
  readonly retrieve: (ground: StateGround, id: string) => Promise<object>;
  readonly statusOf: (ground: StateGround, id: string) => Promise<string | null>;
}

export function edgesOf<State extends string, Act extends string>(table: StateTable<State, Act>): Edge[] {
  const { acts, edges, make, object, retrieve, statusOf } = table;
  const states = namesOf(edges);
  return states.flatMap((from) =>
    namesOf(acts).map((act) => ({
      object,
      from,
      act,
      to: edges[from][act],
      make: make[from],
      perform: acts[act],
      retrieve,
      statusOf,
    })),
  );
}

// The tables are literals: they have no other keys than their types say.
function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(table) as Name[];
}
