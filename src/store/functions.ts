import { assert } from "../kernel/assert.ts";
import type { LuaHeader, LuaLibrary } from "./library.ts";

/**
 * The contract of every function, by name. A test compares it with the header of each Lua file, so that an argument is
 * named and never counted. A number is whole and not negative; bytes are as long as the struct code says.
 */
export const contracts = {
  authorize: {
    keys: ["account", "card", "journal"],
    args: {
      message_key: "c8",
      chain_key: "c8",
      fingerprint: "c8",
      wall_now: "I6",
      business_now: "I6",
      deadline: "I6",
      account_version: "I4",
      holder_version: "I4",
      chain_version: "I4",
      refusal: "B",
      has_chain_id: "B",
      amount: "I6",
      code: "I3",
      mcc: "I2",
      rate: "I4",
    },
    texts: ["balance_field", "holder_field", "entry"],
    rest: "limits",
  },
  reverse: {
    keys: ["account", "card", "journal"],
    args: {
      message_key: "c8",
      undo_key: "c8",
      fingerprint: "c8",
      wall_now: "I6",
      business_now: "I6",
      account_version: "I4",
      holder_version: "I4",
      chain_version: "I4",
      mcc: "I2",
      replacement: "I6",
    },
    texts: ["balance_field", "holder_field", "entry"],
    rest: "limits",
  },
  commit: {
    keys: ["account", "journal", "idempotency", "others"],
    args: {
      fingerprint: "c8",
      wall_now: "I6",
      business_now: "I6",
      keep_ms: "I6",
      account_version: "I4",
    },
    texts: ["balance_field", "entry"],
    rest: "steps",
  },
  backfill: {
    keys: ["account", "counted", "journal"],
    args: {
      wall_now: "I6",
      business_now: "I6",
      as_of: "I6",
      window: "I4",
      spent: "I6",
    },
    texts: ["field", "entry"],
    rest: null,
  },
  purge: {
    keys: ["card"],
    args: {
      wall_now: "I6",
      holdless_s: "I4",
      terminal_s: "I4",
      tombstone_s: "I4",
      most: "I4",
      listpack_entries: "I4",
    },
    texts: [],
    rest: null,
  },
} as const satisfies Record<string, Contract>;

interface Contract {
  readonly keys: readonly string[];
  readonly args: Readonly<Record<string, StructCode>>;
  readonly texts: readonly string[];
  readonly rest: string | null;
}
type StructCode = "c8" | "I6" | "I4" | "I3" | "I2" | "B";

export type FunctionName = keyof typeof contracts;
type ArgumentOf<Code extends StructCode> = Code extends "c8" ? Uint8Array : number;
export type ArgumentsOf<Name extends FunctionName> = {
  -readonly [Argument in keyof (typeof contracts)[Name]["args"]]: (typeof contracts)[Name]["args"][Argument] extends StructCode
    ? ArgumentOf<(typeof contracts)[Name]["args"][Argument]>
    : never;
};

interface PackStep {
  readonly name: string;
  /** Bytes of a number; 0 for eight bytes as they are. */
  readonly width: 0 | 1 | 2 | 3 | 4 | 6;
}

const widths = {
  c8: 0,
  B: 1,
  I2: 2,
  I3: 3,
  I4: 4,
  I6: 6,
} as const satisfies Record<StructCode, number>;

/** Packs the arguments of one function in the order of its contract. */
export class ArgumentPacker<Name extends FunctionName> {
  readonly #steps: readonly PackStep[];
  readonly #bytes: number;

  constructor(name: Name) {
    const args: Readonly<Record<string, StructCode>> = contracts[name].args;
    this.#steps = Object.entries(args).map(([argument, code]) => ({
      name: argument,
      width: widths[code],
    }));
    this.#bytes = this.#steps.reduce((sum, step) => sum + (step.width === 0 ? 8 : step.width), 0);
  }

  /** One text for the function: a buffer of its own, since it waits in line with others. */
  pack(values: ArgumentsOf<Name>): Uint8Array {
    const buffer = Buffer.allocUnsafe(this.#bytes);
    const named: Readonly<Record<string, Uint8Array | number>> = values;
    let at = 0;
    for (const step of this.#steps) {
      const value = named[step.name];
      if (step.width === 0) {
        assert(value instanceof Uint8Array && value.length === 8, `${step.name}: eight bytes`);
        buffer.set(value, at);
        at += 8;
      } else {
        assert(typeof value === "number", `${step.name}: a number`);
        at = buffer.writeUIntBE(value, at, step.width);
      }
    }
    return buffer;
  }
}

/** What is wrong between the contracts and the Lua headers, one line a fault; empty where they agree. */
export function contractFaults(library: LuaLibrary): string[] {
  const faults: string[] = [];
  for (const [name, contract] of Object.entries<Contract>(contracts)) {
    const header = library.headers.get(name);
    if (header === undefined) faults.push(`${name}: no Lua function of that name`);
    else faults.push(...differences(name, contract, header));
  }
  for (const name of library.headers.keys()) {
    if (!(name in contracts)) faults.push(`${name}: no contract for that Lua function`);
  }
  return faults;
}

function differences(name: string, contract: Contract, header: LuaHeader): string[] {
  const ours = {
    keys: contract.keys.join(" "),
    args: Object.entries(contract.args)
      .map(([argument, code]) => `${argument}:${code}`)
      .join(" "),
    texts: contract.texts.join(" "),
    rest: contract.rest ?? "",
  };
  const theirs = {
    keys: header.keys.join(" "),
    args: header.args.map((argument) => `${argument.name}:${argument.code}`).join(" "),
    texts: header.texts.join(" "),
    rest: header.rest ?? "",
  };
  const parts = ["keys", "args", "texts", "rest"] as const;
  return parts
    .filter((part) => ours[part] !== theirs[part])
    .map((part) => `${name}: ${part} differ: ${ours[part]} / ${theirs[part]}`);
}
