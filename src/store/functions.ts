import { assert } from "../kernel/assert.ts";
import { type ArgumentsOf, type Contract, type FunctionName, type StructCode, contracts } from "./contracts.ts";
import type { LuaHeader, LuaLibrary } from "./library.ts";

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
