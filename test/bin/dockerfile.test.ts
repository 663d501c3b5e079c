import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = fileURLToPath(new URL("../../../", import.meta.url));

interface Step {
  readonly name: string;
  readonly rest: string;
}

describe("Dockerfile", () => {
  const steps = parse(readFileSync(join(root, "Dockerfile"), "utf8"));
  const stages = stagesOf(steps);
  const last = stages.at(-1) ?? [];

  it("copies only what the checkout, or the stage before, has", () => {
    const ignored = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");

    for (const { path, isFromStage } of copiesOf(steps)) {
      const isBuilt = isFromStage && ["node_modules", "dist"].includes(path);
      expect(isBuilt || existsSync(join(root, path)), `COPY ${path}`).to.equal(true);
      if (!isFromStage) expect(ignored, `COPY ${path} is kept out by .dockerignore`).to.not.include(path);
    }
  });

  it("copies everything that the command imports when it runs", () => {
    const copied = copiesOf(last).map(({ path }) => path);

    expect(copied).to.include.members(["package.json", "node_modules", "bin", "dist"]);
  });

  it("brings its own Redis", () => {
    const installs = last.filter(({ name, rest }) => name === "RUN" && /apt-get install .*\bredis-server\b/.test(rest));

    expect(installs).to.have.length(1);
  });

  it("runs as somebody who is not root, on a volume of his own", () => {
    const data = valueOf(last, "VOLUME");

    expect(valueOf(last, "USER")).to.not.be.oneOf(["", "root", "0"]);
    expect(last.some(({ name, rest }) => name === "RUN" && rest.includes(`-o node`) && rest.includes(data))).to.equal(
      true,
    );
    expect(valueOf(last, "ENV")).to.include(`CARDSWITCH_DATA_DIR=${data}`);
  });

  it("opens the ports of the API and the three links", () => {
    expect(valueOf(last, "EXPOSE").split(" ")).to.have.members(["12120", "8583", "8584", "8585"]);
  });

  it("starts a program that exists, for callers from outside the container", () => {
    const command = wordsOf(valueOf(last, "CMD"));

    expect(command).to.deep.equal(["node", "bin/cardswitch.mjs", "start", "--host", "0.0.0.0"]);
    expect(existsSync(join(root, command[1] ?? ""))).to.equal(true);
  });

  it("names images without a registry", () => {
    for (const { rest } of steps.filter(({ name }) => name === "FROM")) expect(rest).to.match(/^node:20-[a-z]+-slim\b/);
  });

  describe("health check", () => {
    const check = wordsOf(valueOf(last, "HEALTHCHECK").replace(/^.*?CMD /s, ""));
    let server: Server;
    let status: number;
    let asked: string[];

    beforeEach(async () => {
      asked = [];
      server = createServer((request, response) => {
        asked.push(request.url ?? "");
        response.writeHead(status).end();
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    });

    afterEach(() => {
      server.close();
      server.closeAllConnections();
    });

    it("asks the port of the API whether it is ready", () => {
      const [program = "", file = ""] = check;

      expect(program).to.equal("node");
      expect(readFileSync(join(root, file), "utf8")).to.include('"http://127.0.0.1:12120/readyz"');
    });

    it("is healthy when the switch says that it is ready", async () => {
      status = 200;

      expect(await exitCode(addressOf(server))).to.equal(0);
      expect(asked).to.deep.equal(["/readyz"]);
    });

    it("is unhealthy when the switch says that it is not", async () => {
      status = 503;

      expect(await exitCode(addressOf(server))).to.equal(1);
    });

    it("is unhealthy when nobody answers", async () => {
      const address = addressOf(server);
      server.close();

      expect(await exitCode(address)).to.equal(1);
    });

    async function exitCode(address: string): Promise<unknown> {
      const child = spawn(process.execPath, [...check.slice(1), address], { cwd: root, stdio: "ignore" });
      const [code] = (await once(child, "close")) as [number | null];
      return code;
    }
  });
});

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
}

function parse(text: string): Step[] {
  const joined = text.replace(/\\\n/g, " ");
  return joined.split("\n").flatMap((line) => {
    const match = /^([A-Z]+)\s+(.*)$/.exec(line.trim());
    return match === null ? [] : [{ name: match[1] ?? "", rest: match[2] ?? "" }];
  });
}

function stagesOf(steps: readonly Step[]): Step[][] {
  const stages: Step[][] = [];
  for (const step of steps) {
    if (step.name === "FROM") stages.push([]);
    stages.at(-1)?.push(step);
  }
  return stages;
}

function copiesOf(steps: readonly Step[]): { path: string; isFromStage: boolean }[] {
  return steps
    .filter(({ name }) => name === "COPY")
    .flatMap(({ rest }) => {
      const words = rest.split(/\s+/);
      const isFromStage = words.some((word) => word.startsWith("--from="));
      const paths = words.filter((word) => !word.startsWith("--")).slice(0, -1);
      return paths.map((path) => ({ path: path.replace(/^\/app\//, ""), isFromStage }));
    });
}

function valueOf(steps: readonly Step[], name: string): string {
  return steps.filter((step) => step.name === name).at(-1)?.rest ?? "";
}

function wordsOf(list: string): string[] {
  const words: unknown = JSON.parse(list);
  return Array.isArray(words) ? words.map(String) : [];
}
