import { setUpAndRun } from "./setup.mjs";

await setUpAndRun("dist/src/main.js");
