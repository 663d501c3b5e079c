import type { lookup } from "node:dns";
import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { type PosterOptions, Poster } from "../../src/webhooks/post.ts";

const usual: PosterOptions = {
  policy: { allowsLoopback: true, allowsPrivate: false },
  answerBytesMax: 65_536,
  headerBytesMax: 16_384,
  connectionsMax: 8,
};

describe("webhooks/post", () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  let requests: string[] = [];
  const posters: Poster[] = [];

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(request.url ?? "");
      request.resume();
      answer(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterEach(async () => {
    await Promise.all(posters.splice(0).map((poster) => poster.close()));
    server.closeAllConnections();
    server.close();
  });

  function poster(changes: Partial<PosterOptions> = {}): Poster {
    const made = new Poster({ ...usual, ...changes });
    posters.push(made);
    return made;
  }

  function url(host = "127.0.0.1"): URL {
    return new URL(`http://${host}:${(server.address() as AddressInfo).port}/hook`);
  }

  const letter = { body: '{"a":1}', headers: { "x-test": "1" }, timeoutMs: 1_000 };

  it("brings the exact bytes, and tells status, headers and body of the answer", async () => {
    let received = "";
    let encoding: string | undefined;
    answer = (request, response) => {
      encoding = request.headers["accept-encoding"]?.toString();
      request.on("data", (chunk: Buffer) => (received += chunk.toString()));
      request.on("end", () => response.writeHead(200, { "stripe-version": "v" }).end("fine"));
    };

    const posted = await poster().post({ ...letter, url: url() });

    expect(posted).to.deep.include({ ok: true });
    if (posted.ok) {
      expect(posted.value.status).to.equal(200);
      expect(posted.value.headers["stripe-version"]).to.equal("v");
      expect(posted.value.body).to.equal("fine");
    }
    expect(received).to.equal(letter.body);
    expect(encoding).to.equal("identity");
  });

  it("follows no redirect: whoever answers 302 has answered 302", async () => {
    answer = (_request, response) => response.writeHead(302, { location: "/elsewhere" }).end();

    const posted = await poster().post({ ...letter, url: url() });

    expect(posted.ok && posted.value.status).to.equal(302);
    expect(requests).to.deep.equal(["/hook"]);
  });

  it("gives up when its time is over, whether nothing comes, or only half", async () => {
    answer = () => undefined;
    const silent = await poster().post({ ...letter, url: url(), timeoutMs: 60 });
    answer = (_request, response) => response.writeHead(200).write("{");
    const half = await poster().post({ ...letter, url: url(), timeoutMs: 60 });

    expect(silent.ok ? null : silent.error.code).to.equal("timed_out");
    expect(half.ok ? null : half.error.code).to.equal("timed_out");
  });

  it("reads an answer that does not end only up to its limit", async () => {
    let written = 0;
    answer = (_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && written < 50_000_000) {
          written += 16_384;
          if (!response.write(Buffer.alloc(16_384))) break;
        }
      };
      response.on("drain", more);
      more();
    };

    const posted = await poster().post({ ...letter, url: url() });

    expect(posted.ok ? null : posted.error.code).to.equal("too_large");
    expect(written).to.be.below(50_000_000);
  });

  it("does not call a name of which one address is forbidden, nor one that changes its mind in between", async () => {
    const two = resolver([
      { address: "8.8.8.8", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ]);
    const forbidding = { policy: { allowsLoopback: false, allowsPrivate: false }, resolve: two };

    const posted = await poster(forbidding).post({ ...letter, url: url("rebinding.test") });

    expect(posted.ok ? null : posted.error.code).to.equal("not_allowed");
    expect(requests).to.deep.equal([]);
  });

  it("asks the socket where it has arrived, so that an address in the URL itself is judged too", async () => {
    const forbidding = { policy: { allowsLoopback: false, allowsPrivate: false } };

    const posted = await poster(forbidding).post({ ...letter, url: url() });

    expect(posted.ok ? null : posted.error.code).to.equal("not_allowed");
    expect(requests).to.deep.equal([]);
  });

  it("tells a line that nobody answers from one that is slow", async () => {
    const gone = url();
    server.closeAllConnections();
    server.close();
    await once(server, "close");

    const posted = await poster().post({ ...letter, url: gone });

    expect(posted.ok ? null : posted.error.code).to.equal("failed");
  });
});

function resolver(addresses: readonly { address: string; family: number }[]): typeof lookup {
  const resolve = (_name: string, _options: object, done: (error: null, found: typeof addresses) => void): void => {
    done(null, addresses);
  };
  // Only the form with options and all addresses is called.
  return resolve as unknown as typeof lookup;
}
