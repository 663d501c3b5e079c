import { setUpAndRun } from "./setup.mjs";

await setUpAndRun("dist/test/prove.js");
