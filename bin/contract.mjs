import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { everyType, readDeclarations } from "./contract/declarations.mjs";
import { namesIn, write, writeTexts } from "./contract/layout.mjs";
import { SchemaMaker } from "./contract/schemas.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const resources = join(root, "node_modules/stripe/esm/resources");
const target = join(root, "specs/api");

/** Resources whose parameters are read, as files of the SDK. */
const served = [
  "AccountLinks",
  "Accounts",
  "Balance",
  "BalanceTransactions",
  "CountrySpecs",
  "EphemeralKeys",
  "Events",
  "FileLinks",
  "Files",
  "Issuing/Authorizations",
  "Issuing/Cardholders",
  "Issuing/Cards",
  "Issuing/Disputes",
  "Issuing/PersonalizationDesigns",
  "Issuing/PhysicalBundles",
  "Issuing/Tokens",
  "Issuing/Transactions",
  "Payouts",
  "TestHelpers/Issuing/Authorizations",
  "TestHelpers/Issuing/Cards",
  "TestHelpers/Issuing/PersonalizationDesigns",
  "TestHelpers/Issuing/Transactions",
  "Topups",
  "Transfers",
  "WebhookEndpoints",
];

/** Resources beside Issuing that a card program meets; they are named in the table of operations only. */
const named = ["AccountSessions", "BalanceSettings", "TestHelpers/TestClocks", ...filesIn("Treasury")];

/** Everything that is generated: path below specs/api → text. */
export function contractFiles() {
  const cache = new Map();
  const maker = new SchemaMaker((file, from) =>
    contextOf(cache, normalize(join(dirname(file), from)).replace(/\.js$/, "")),
  );
  const files = new Map();
  for (const file of served) {
    const name = file.split("/").map(kebab).join("-");
    files.set(`${name}.ts`, resourceText(maker, contextOf(cache, file)));
  }
  files.set("enums.ts", enumsText(maker));
  files.set("operations.ts", operationsText());
  files.set("event-names.ts", eventNamesText(cache));
  return files;
}

function contextOf(cache, file) {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const scope = readDeclarations(readFileSync(join(resources, `${file}.d.ts`), "utf8"), file);
  const context = { file, scope, imports: scope.imports, path: [] };
  cache.set(file, context);
  return context;
}

function resourceText(maker, context) {
  const exported = [];
  for (const { path, type } of everyType(context.scope)) {
    const name = path.at(-1);
    if (type.kind !== "interface" || !name.endsWith("Params")) continue;
    exported.push({ name: lowerFirst(path.join("")), schema: maker.objectOf(type, context) });
  }
  const used = new Map();
  for (const { schema } of exported) for (const one of namesIn(schema)) used.set(one.name, one.file);
  const imports = ["enums", "forms"].flatMap((file) => {
    const names = [...used].filter(([, from]) => from === file).map(([name]) => name);
    return names.length === 0 ? [] : [importLine(names.sort(inOrder), file)];
  });
  const texts = exported.map(({ name, schema }) => `export const ${name} = ${write(schema, "", 0)} as const;\n`);
  return `${head}${imports.join("")}\n${texts.join("\n")}`;
}

function importLine(names, file) {
  const line = `import { ${names.join(", ")} } from "./${file}.ts";\n`;
  if (line.length <= 121) return line;
  return `import {\n${names.map((name) => `  ${name},\n`).join("")}} from "./${file}.ts";\n`;
}

function enumsText(maker) {
  const lists = [...maker.enums].sort(([, a], [, b]) => inOrder(a, b));
  const texts = lists.map(
    ([values, name]) => `export const ${name} = ${writeTexts(JSON.parse(values), "", name.length + 25)} as const;\n`,
  );
  return `${head}${texts.join("\n")}`;
}

function operationsText() {
  const lines = [...served, ...named].flatMap((file) => {
    const resource = file.split("/").map(lowerFirst).join(".");
    return methodsOf(file).map(({ name, method, path }) => {
      const line = `  { name: "${resource}.${name}", method: "${method}", path: "${path}" },\n`;
      if (line.length <= 121) return line;
      return `  {\n    name: "${resource}.${name}",\n    method: "${method}",\n    path: "${path}",\n  },\n`;
    });
  });
  const comment = "/** Operations of the SDK that a card program meets. */\n";
  return `${head}${comment}export const operations = [\n${lines.join("")}] as const;\n`;
}

/** The methods of a resource's class, with the request that each of them makes. */
function methodsOf(file) {
  const source = readFileSync(join(resources, `${file}.js`), "utf8");
  const methods = source.matchAll(/^ {4}(\w+)\([^)]*\) \{$([^]*?)^ {4}\}$/gm);
  return [...methods].flatMap(([, name, body]) => {
    const request = /_makeRequest\('([A-Z]+)', (?:`([^`]+)`|'([^']+)')/.exec(body);
    if (request === null) return [];
    const [, method, template, plain] = request;
    const path = plain ?? template.replace(/\$\{encodeURIComponent\((\w+)\)\}/g, (_, word) => `{${snake(word)}}`);
    return [{ name, method, path }];
  });
}

function eventNamesText(cache) {
  const { scope } = contextOf(cache, "WebhookEndpoints");
  const names = [...everyType(scope)].find(({ path }) => path.join(".") === "WebhookEndpointCreateParams.EnabledEvent");
  const values = names.type.type.members.filter(({ kind }) => kind === "literal").map(({ value }) => value);
  const wanted = values.filter((value) => value !== "*" && eventOfProgram.test(value));
  const comment = "/** Types of events that a card program can cause. */\n";
  return `${head}${comment}export const eventNames = ${writeTexts(wanted, "", 30)} as const;\n`;
}

const eventOfProgram = /^(issuing_|topup\.|payout\.|transfer\.|balance\.|account\.|capability\.|person\.)/;

const head = "/** Generated by `node bin/contract.mjs` from the types of the pinned SDK: change it there. */\n\n";

function filesIn(folder) {
  const names = readdirSync(join(resources, folder)).filter((name) => name.endsWith(".d.ts") && name !== "index.d.ts");
  names.sort(inOrder);
  return names.map((name) => `${folder}/${name.slice(0, -".d.ts".length)}`);
}

function inOrder(a, b) {
  return a < b ? -1 : 1;
}

function kebab(name) {
  return name.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase();
}

function snake(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function lowerFirst(name) {
  return name[0].toLowerCase() + name.slice(1);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  mkdirSync(target, { recursive: true });
  for (const [name, text] of contractFiles()) writeFileSync(join(target, name), text);
}
