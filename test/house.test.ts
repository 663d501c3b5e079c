import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = fileURLToPath(new URL("../../", import.meta.url));

const hot = ["iso8583", "hsm", "store", "ledger", "authorizer", "switch"];
const cold = [
  "records",
  "projector",
  "verify",
  "clearing",
  "settlement",
  "disputes",
  "resources",
  "webhooks",
  "jobs",
  "api",
];

/** Which doors of `src` a room may use. Every room may use kernel and specs. */
const doors: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  iso8583: [],
  hsm: [],
  store: [],
  records: [],
  ledger: ["store"],
  authorizer: ["hsm", "store", "ledger"],
  switch: ["iso8583", "hsm", "authorizer"],
  projector: ["store", "ledger", "records"],
  verify: ["store", "ledger", "records"],
  clearing: ["iso8583", "store", "ledger", "records"],
  settlement: ["iso8583", "store", "ledger", "records", "clearing"],
  disputes: ["iso8583", "store", "ledger", "records"],
  resources: ["hsm", "store", "ledger", "records", "clearing", "settlement", "disputes"],
  webhooks: ["store", "records"],
  jobs: [...cold, "store", "ledger"],
  api: ["store", "records", "resources"],
  console: [],
  // Settings, log, figures and planted failures are handed to the rooms as arguments, so they know no room.
  config: [],
  log: ["config"],
  metrics: [],
  failpoints: [],
};

/** Files and folders directly under `src` that put the rooms together. */
const builders = ["main", "supervisor", "app", "cli", "seed", "public"];

/** Single files of a room that is closed otherwise. */
const openFiles: Readonly<Record<string, readonly string[]>> = {
  resources: [
    "src/authorizer/authorize.ts",
    "src/authorizer/authorizer.ts",
    "src/authorizer/card-view.ts",
    // Test helpers speak to the authorizer as a network does: in its requests, and by an identity that is the request's own.
    "src/authorizer/api-identity.ts",
    "src/authorizer/clearing.ts",
    "src/authorizer/decision.ts",
    "src/authorizer/request.ts",
    "src/authorizer/resolve.ts",
  ],
};

/** Where a library may be used in src and simulators; what is not named may be used nowhere until it is. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  ioredis: ["src/store/"],
  libsql: ["src/records/"],
  bullmq: ["src/jobs/"],
  fastify: ["src/api/"],
  "@fastify/swagger": ["src/api/"],
  "@fastify/helmet": ["src/api/"],
  qs: ["src/api/"],
  stripe: ["src/public.ts"],
  typebox: ["src/resources/", "src/api/"],
  luxon: ["src/kernel/", "src/settlement/", "src/clearing/", "src/disputes/"],
  undici: ["src/webhooks/", "src/authorizer/"],
  "fast-xml-parser": ["src/iso8583/"],
  yaml: ["simulators/"],
  commander: ["src/cli"],
  "cli-progress": ["src/cli"],
  pino: ["src/log"],
  "prom-client": ["src/metrics"],
  "hdr-histogram-js": ["src/metrics", "src/app", "src/cli", "simulators/"],
  "#bin/find-redis.mjs": ["src/main", "src/supervisor", "src/app", "src/cli"],
};

interface Import {
  readonly from: string;
  readonly isTypeOnly: boolean;
}

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const everyFile = filesUnder("").map(readSource);
const typescript = everyFile.filter(({ path }) => /^(src|specs|simulators|bench|test)\/.*\.ts$/.test(path));
const product = typescript.filter(({ path }) => !path.startsWith("test/"));
const house = typescript.filter(({ path }) => path !== "test/house.test.ts");

describe("the house", () => {
  it("has the files that a visitor looks for", () => {
    for (const name of [
      "README.md",
      "ARCHITECTURE.md",
      "STYLE.md",
      "CHANGELOG.md",
      "LICENSE",
      "Dockerfile",
      ".ci/run",
    ]) {
      expect(everyFile.map(({ path }) => path)).to.include(name);
    }
  });

  it("gives every file under src a room that the map knows", () => {
    const unknown = product.filter(({ path }) => path.startsWith("src/") && !isKnown(roomOf(path)));

    expectNone(unknown.map(({ path }) => `${path}: the map of doors in this test has no room "${roomOf(path)}"`));
  });

  it("keeps every room of src to its doors", () => {
    const faults = product.filter(({ path }) => path.startsWith("src/")).flatMap(faultsOfDoors);

    expectNone(faults);
  });

  it("never lets what answers the network depend on what happens later", () => {
    const openDoors = hot.flatMap((room) => (doors[room] ?? []).filter((door) => cold.includes(door)));

    expect(openDoors).to.deep.equal([]);
  });

  it("keeps specs free of programs: types and values only", () => {
    const specs = product.filter(({ path }) => path.startsWith("specs/"));
    const imports = specs.flatMap(({ path, imports: all }) =>
      all
        .filter(({ from, isTypeOnly }) => !from.startsWith("specs/") && !(isTypeOnly && from.startsWith("src/kernel/")))
        .map(({ from }) => `${path} imports ${from}: specs may import only each other and types of the kernel`),
    );
    const functions = specs.filter(({ text }) => /\bfunction\b|=>|\bclass\b/.test(withoutProse(text)));

    expectNone([...imports, ...functions.map(({ path }) => `${path}: specs are data, without functions`)]);
  });

  it("keeps the simulators able to disagree with the switch", () => {
    const allowed = ["simulators/", "specs/", "src/kernel/", "src/iso8583/", "src/hsm/", "node:"];

    expectNone(importsBeyond("simulators/", allowed, "simulators may import specs, kernel, iso8583 and hsm"));
  });

  it("keeps the model of the rules to money alone", () => {
    const allowed = ["simulators/model/", "src/kernel/money.ts", "src/kernel/assert.ts"];

    expectNone(
      importsBeyond("simulators/model/", allowed, "the model knows the rules and kernel's money, no tables of ours"),
    );
  });

  it("keeps each library in its room", () => {
    const faults = product
      .filter(({ path }) => /^(src|simulators)\//.test(path))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ from }) => isLibrary(from))
          .filter(({ from }) => !(libraries[from] ?? []).some((place) => path.startsWith(place)))
          .map(
            ({ from }) => `${path} imports ${from}, which belongs to ${libraries[from]?.join(", ") ?? "no room yet"}`,
          ),
      );

    expectNone(faults);
  });

  it("lets only the store write to Redis, by the money functions and commit", () => {
    const calls =
      /\.(fcall|eval|evalsha|xadd|xtrim|xdel|hset|hdel|hincrby|incrby|decrby|zadd|lpush|rpush|setex|unlink|flushdb|flushall)\(/i;
    const words = /"(FCALL|EVAL|EVALSHA|XADD|XTRIM|XDEL|HSET|HDEL|HINCRBY|INCRBY|DECRBY|UNLINK|FLUSHDB|FLUSHALL)"/;
    const outside = product.filter(({ path }) => path.startsWith("src/") && !path.startsWith("src/store/"));
    const beside = product.filter(({ path }) => path.startsWith("src/store/") && !isWriter(path));

    expectNone([
      ...outside
        .filter(({ text }) => calls.test(text) || words.test(text))
        .map(({ path }) => `${path}: writes to Redis; only src/store may, through functions.ts or commit.ts`),
      ...beside
        .filter(({ text }) => /\.(hset|hdel|hincrby|incrby|xadd)\(|"(HSET|HDEL|HINCRBY|INCRBY|XADD)"/i.test(text))
        .map(({ path }) => `${path}: writes state beside the money functions`),
    ]);
  });

  it("takes time and chance from the kernel only", () => {
    const places = product.filter(
      ({ path }) => /^(src|specs|simulators)\//.test(path) && !path.startsWith("src/kernel/"),
    );
    const ambient = places.filter(({ text }) => /\bDate\.now\(|\bnew Date\(|\bMath\.random\(/.test(text));

    expectNone(ambient.map(({ path }) => `${path}: Date.now(), new Date() and Math.random() stay in src/kernel`));
  });

  it("keeps amounts whole", () => {
    const floats = product.filter(({ path, text }) => path.startsWith("src/") && /\bparseFloat\(/.test(text));

    expectNone(floats.map(({ path }) => `${path}: money never passes through a float; kernel/money.ts parses`));
  });

  it("keeps files short enough to be read at once", () => {
    const longFiles = product
      .filter(({ path }) => /^(src|simulators|bench)\//.test(path))
      .filter(({ text }) => text.split("\n").length - 1 > 300);

    expectNone(longFiles.map(({ path, text }) => `${path}: ${text.split("\n").length - 1} lines, at most 300`));
  });

  it("names files after what they define", () => {
    const vague = /(^|\/)index\.ts$|(^|[/-])(utils?|helpers?|common|managers?|services?)(\.ts$|\/)/;
    const faults = typescript.filter(
      // The API's own word: /v1/test_helpers.
      ({ path }) =>
        vague.test(path.replace("/test-helpers/", "/")) || !/^[a-z0-9-]+(\.test|\.d)?\.ts$/.test(basename(path)),
    );

    expectNone(faults.map(({ path }) => `${path}: a name in kebab-case that says what it is, no barrels, no drawers`));
  });

  it("exports by name only", () => {
    const unnamed = typescript.filter(({ text }) => /^export default\b/m.test(text));

    expectNone(unnamed.map(({ path }) => `${path}: a default export`));
  });

  it("holds nothing unfinished", () => {
    const words = /\b(TODO|FIXME|XXX|placeholder|not implemented|for now)\b/;
    const places = everyFile.filter(({ path }) => /^(src|specs|simulators|bench|bin)\//.test(path));

    expectNone(
      places.filter(({ text }) => words.test(text)).map(({ path, text }) => `${path}: "${words.exec(text)?.[0]}"`),
    );
  });

  it("runs every test that it has", () => {
    const switched = house.filter(({ text }) =>
      /\b(it|describe|context|specify)\.(only|skip)\(|\bx(it|describe)\(/.test(text),
    );

    expectNone(switched.map(({ path }) => `${path}: a test that is skipped, or that skips the others`));
  });

  it("names no machine and no registry", () => {
    const machine = /(^|[^A-Za-z0-9_.])\/(work|root|home|Users)\//m;
    const registry = /\/\/(registry|deb|archive|security|mirrors?|proxy)\.[a-z0-9-]+\./;
    const wanted = process.env["npm_config_registry"];
    const own = wanted !== undefined && URL.canParse(wanted) ? new URL(wanted).host : null;

    expectNone(
      everyFile.flatMap(({ path, text }) => [
        ...(machine.test(text) ? [`${path}: a path of one machine: ${machine.exec(text)?.[0].trim()}`] : []),
        ...(registry.test(text) || (own !== null && text.includes(own)) ? [`${path}: names a registry host`] : []),
      ]),
    );
  });

  it("locks versions without saying where they are downloaded from", () => {
    const lock = everyFile.find(({ path }) => path === "package-lock.json");

    expect(lock?.text).to.include('"integrity"').and.not.include('"resolved"');
  });

  it("locks what other platforms need too, without which `npm ci` refuses the lock", () => {
    const lock = readLock();
    const missing = Object.entries(lock).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => lock[`node_modules/${name}`] === undefined && lock[`${path}/node_modules/${name}`] === undefined,
      ),
    );

    expectNone(missing.map((name) => `package-lock.json: no entry for ${name}`));
  });

  it("keeps the README to what a reader takes in", () => {
    const readme = everyFile.find(({ path }) => path === "README.md");

    expect(readme?.text.split("\n").length ?? Number.POSITIVE_INFINITY).to.be.at.most(151);
  });
});

describe("the house's own eyes", () => {
  it("see imports over several lines, exports from elsewhere and dynamic ones", () => {
    const found = importsOf(
      "src/api/server.ts",
      [
        'import {\n  a,\n  type B,\n} from "../store/keys.ts";',
        'import type { C } from "fastify";',
        'export { d } from "./routes.ts";',
        'import "../records/schema.ts";',
        'const e = await import("node:fs");',
        'const f = "import nothing";',
      ].join("\n"),
    );

    expect(found.map(({ from, isTypeOnly }) => `${from}${isTypeOnly ? " type" : ""}`)).to.have.members([
      "src/store/keys.ts",
      "fastify type",
      "src/api/routes.ts",
      "src/records/schema.ts",
      "node:fs",
    ]);
  });

  it("see a hot room that reaches for a cold one, and a builder in a room's way", () => {
    const planted = (text: string): string[] =>
      faultsOfDoors({ path: "src/authorizer/a.ts", text, imports: importsOf("src/authorizer/a.ts", text) });

    expect(planted('import { x } from "../records/queries.ts";')).to.have.length(1);
    expect(planted('import type { X } from "../app.ts";')).to.have.length(1);
    expect(planted('import type { X } from "../config.ts";')).to.deep.equal([]);
    expect(planted('import { x } from "../config.ts";')).to.have.length(1);
    expect(planted('import { x } from "../store/keys.ts";')).to.deep.equal([]);
  });

  it("do not take prose for a program", () => {
    expect(withoutProse('/** a function => b */ export const a = "x => y"; // class')).to.not.match(
      /function|=>|class/,
    );
    expect(withoutProse("export const a = (b) => b;")).to.match(/=>/);
  });
});

function faultsOfDoors({ path, imports }: Source): string[] {
  const room = roomOf(path);
  if (builders.includes(room)) return [];
  return imports
    .filter(({ from }) => !isLibrary(from) && !from.startsWith("node:"))
    .flatMap((one) => {
      const isSpecs = one.from.startsWith("specs/");
      const door = roomOf(one.from);
      const isAllowed =
        isSpecs ||
        (one.from.startsWith("src/") &&
          (door === room ||
            door === "kernel" ||
            (doors[room] ?? []).includes(door) ||
            (openFiles[room] ?? []).includes(one.from) ||
            (one.isTypeOnly && ["config", "log", "metrics"].includes(door))));
      if (isAllowed && !(room === "kernel" && door !== "kernel" && !isSpecs)) return [];
      const open = ["kernel", "specs", ...(doors[room] ?? []), ...(openFiles[room] ?? [])].join(", ");
      return [`${path} imports ${one.from}: ${room} may import ${open}`];
    });
}

function importsBeyond(folder: string, allowed: readonly string[], rule: string): string[] {
  return product
    .filter(({ path }) => path.startsWith(folder))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => !isLibrary(from) && !allowed.some((prefix) => from.startsWith(prefix)))
        .map(({ from }) => `${path} imports ${from}: ${rule}`),
    );
}

/** Files of the store that write state: everything else goes through them. */
function isWriter(path: string): boolean {
  return ["src/store/functions.ts", "src/store/commit.ts"].includes(path);
}

function isKnown(room: string): boolean {
  return builders.includes(room) || doors[room] !== undefined;
}

/** "store" for src/store/keys.ts, "app" for src/app.ts; a folder beside the file belongs to it. */
function roomOf(path: string): string {
  return (path.split("/")[1] ?? "").replace(/\.ts$/, "");
}

function isLibrary(from: string): boolean {
  return !/^(src|specs|simulators|bench|test)\//.test(from) && !from.startsWith("node:");
}

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), "utf8");
  return { path, text, imports: path.endsWith(".ts") ? importsOf(path, text) : [] };
}

function importsOf(path: string, text: string): Import[] {
  const named = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;"'`]*?\sfrom\s+"([^"]+)"/gm)];
  const bare = [...text.matchAll(/^import\s+"([^"]+)"/gm), ...text.matchAll(/\bimport\(\s*"([^"]+)"/g)];
  return [
    ...named.map((match) => ({ from: resolved(path, match[2] ?? ""), isTypeOnly: match[1] !== undefined })),
    ...bare.map((match) => ({ from: resolved(path, match[1] ?? ""), isTypeOnly: false })),
  ];
}

function resolved(path: string, from: string): string {
  return from.startsWith(".") ? normalize(join(dirname(path), from)) : from;
}

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function readLock(): Readonly<Record<string, LockedPackage>> {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  return lock.packages;
}

function withoutProse(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replace(/\/\/.*$/gm, "");
}

function filesUnder(folder: string): string[] {
  const isOther = (name: string): boolean =>
    /^(node_modules|dist.*|\.git|\.data|coverage)$/.test(name) || name.endsWith(".log");
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !isOther(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    });
}

function expectNone(faults: readonly string[]): void {
  expect(faults, `\n  ${faults.join("\n  ")}\n`).to.deep.equal([]);
}
