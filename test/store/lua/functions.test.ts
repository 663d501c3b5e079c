import { must } from "../../../src/kernel/assert.ts";
import { assembleLibrary, readLuaSources } from "../../../src/store/library.ts";
import { freshNamespace, sharedRedis } from "../../support/redis.ts";
import { exampleGroups } from "./all-examples.ts";
import { FunctionGround } from "./function-ground.ts";

describe("store/lua", () => {
  let opened: FunctionGround | null = null;

  before(async () => {
    const { socketPath } = await sharedRedis();
    opened = await FunctionGround.open({ path: socketPath }, assembleLibrary(readLuaSources()), freshNamespace());
  });

  after(() => opened?.close());

  for (const [name, examples] of Object.entries(exampleGroups)) {
    describe(name, () => {
      for (const { check, title } of examples) {
        it(title, async () => check(await must(opened, "functions that Redis has loaded").scene()));
      }
    });
  }
});
