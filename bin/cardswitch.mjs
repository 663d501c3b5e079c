#!/usr/bin/env node
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { exitOnError, run, setUp } from "./setup.mjs";

// An installed package brings its dist/; a checkout may not have built it yet.
if (!existsSync(fileURLToPath(new URL("../dist/src/cli.js", import.meta.url)))) await exitOnError(setUp);
await run("dist/src/cli.js");
