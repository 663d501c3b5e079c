import { expect } from "chai";
import { fields } from "../../../src/store/keys.ts";
import type { FunctionExample } from "./example.ts";
import { type Scene, holder } from "./scene.ts";

type Versions = { account_version?: number; holder_version?: number; chain_version?: number };

/** Each of the three places that a view was read from: gone, or newer than the view. */
export function staleExamples(of: {
  readonly cell: string;
  readonly act: (scene: Scene, versions: Versions) => Promise<string>;
  readonly prepare?: (scene: Scene) => Promise<unknown>;
}): FunctionExample[] {
  const { act, cell, prepare } = of;
  const what = cell.split(" · ")[0];
  const places = [
    { name: "account", key: "account", field: fields.head, other: { account_version: 2 } },
    { name: "cardholder", key: "account", field: holder, other: { holder_version: 2 } },
    { name: "card", key: "chain", field: fields.chainStatic, other: { chain_version: 2 } },
  ] as const;
  return places.flatMap(({ field, key, name, other }): FunctionExample[] => [
    {
      title: `asks for a new view where the ${name} has changed since (${what}), and writes nothing`,
      cell,
      check: async (scene) => {
        await prepare?.(scene);
        const before = await scene.digest();

        expect(await act(scene, other)).to.equal("stale");
        expect(await scene.digest()).to.equal(before);
      },
    },
    {
      title: `asks for a new view where the ${name} is not there (${what})`,
      check: async (scene) => {
        await prepare?.(scene);
        await scene.drop(scene[key], field);

        expect(await act(scene, {})).to.equal("stale");
      },
    },
  ]);
}
