import { setUpAndRun } from "./setup.mjs";

await setUpAndRun("dist/bench/main.js");
