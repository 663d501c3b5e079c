import { expect } from "chai";
import type { ApiKeyView, NewApiKeyView } from "../../src/app/api-key-routes.ts";
import { type Served, command, freshFolder, serve } from "../support/command.ts";

describe("cardswitch keys api", () => {
  let served: Served;
  const folder = freshFolder();

  before(async () => {
    served = await serve(["--data-dir", folder.path]);
  }).timeout(60_000);

  after(async () => {
    await served.end("SIGTERM");
    folder.remove();
  });

  it("makes keys, lists them without telling them, rolls and revokes them", async () => {
    const made = await keys("create", "--name", "till", "--scope", "issuing_cards:read", "balance:none");
    const till = JSON.parse(made.stdout) as NewApiKeyView;
    const rolled = await keys("roll", till.id);
    const next = JSON.parse(rolled.stdout) as NewApiKeyView;
    const revoked = await keys("revoke", next.id);
    const listed = await keys("list");
    const all = (JSON.parse(listed.stdout) as { keys: readonly ApiKeyView[] }).keys;

    expect([made, rolled, revoked, listed].map(({ code }) => code)).to.deep.equal([0, 0, 0, 0]);
    expect(till).to.deep.include({ name: "till", scopes: { issuing_cards: "read" }, status: "active" });
    expect(next.secret)
      .to.match(/^rk_test_/)
      .and.not.to.equal(till.secret);
    expect(all.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
      "till revoked",
      "till revoked",
      "first active",
    ]);
    expect(listed.stdout)
      .not.to.include(next.secret)
      .and.not.to.include(served.apiKey ?? "none");
  }).timeout(60_000);

  it("ends with 2 for a scope that is none and for a key that there is not", async () => {
    const codes = [
      await keys("create", "--name", "till", "--scope", "issuing_cards"),
      await keys("create", "--name", "till", "--scope", "issuing_crads:read"),
      await keys("revoke", "mk_nothing"),
    ].map(({ code }) => code);

    expect(codes).to.deep.equal([2, 2, 2]);
  }).timeout(60_000);

  function keys(...words: string[]): ReturnType<typeof command> {
    return command(["keys", "api", ...words, "--json", "--url", served.url]);
  }
});
