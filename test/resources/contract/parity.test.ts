import { expect } from "chai";
import { issuingCardCreateParams, issuingCardListParams } from "../../../specs/api/issuing-cards.ts";
import { operations } from "../../../specs/api/operations.ts";
import { partialOperations } from "../../../specs/api/partial.ts";
import { ephemeralKeyCreateParams } from "../../../specs/api/ephemeral-keys.ts";
import { testHelpersIssuingFundBalanceParams } from "../../../specs/api/beyond-sdk.ts";
import { openapi } from "../../../src/resources/contract/openapi.ts";
import { parityOf, strayRoutes } from "../../../src/resources/contract/parity.ts";
import { type Answer, type Route, route } from "../../../src/resources/route.ts";
import { routes } from "../../../src/resources/routes.ts";

const answer = (): Promise<Answer> => Promise.reject(new Error("is not called"));
const createCard = route({
  method: "POST",
  path: "/v1/issuing/cards",
  operation: "issuing.cards.create",
  scope: "issuing_cards:write",
  params: issuingCardCreateParams,
  answer,
});
const listCards = route({
  method: "GET",
  path: "/v1/issuing/cards",
  operation: "issuing.cards.list",
  scope: "issuing_cards:read",
  params: issuingCardListParams,
  answer,
});
const createKey = route({
  method: "POST",
  path: "/v1/ephemeral_keys",
  operation: "ephemeralKeys.create",
  scope: "ephemeral_keys:write",
  params: ephemeralKeyCreateParams,
  answer,
});
const fund = route({
  method: "POST",
  path: "/v1/test_helpers/issuing/fund_balance",
  operation: null,
  scope: "funding:write",
  params: testHelpersIssuingFundBalanceParams,
  answer,
});
const some: readonly Route[] = [createCard, listCards, createKey, fund];

describe("resources/contract/parity", () => {
  it("says of every operation of the SDK whether it is served, and names what is served beside them", () => {
    const rows = parityOf(some);

    const supportOf = (operation: string | null): string | undefined =>
      rows.find((row) => row.operation === operation)?.support;
    expect(rows).to.have.length(operations.length + 1);
    expect(supportOf("issuing.cards.create")).to.equal("supported");
    expect(supportOf("issuing.cards.update")).to.equal("absent");
    expect(supportOf("ephemeralKeys.create")).to.equal("partial");
    expect(rows.at(-1)).to.include({ operation: null, path: fund.path, support: "supported" });
  });

  it("finds a route that the SDK would not find", () => {
    const strays = strayRoutes([
      createCard,
      { ...createCard, path: "/v1/issuing/card" },
      { ...createCard, method: "GET" },
      { ...createCard, operation: "issuing.cards.shred" },
      { ...createCard, operation: "issuing.cards.update", path: "/v1/issuing/cards/{card}" },
    ]);

    expect(strays).to.have.length(3);
  });

  it("knows every operation that is served, and serves each once", () => {
    const named = routes.flatMap(({ operation }) => (operation === null ? [] : [operation]));

    expect(strayRoutes(routes)).to.deep.equal([]);
    expect(new Set(named)).to.have.property("size", named.length);
  });

  it("speaks of parts only where there is such an operation", () => {
    const names = new Set<string>(operations.map(({ name }) => name));

    expect(Object.keys(partialOperations).filter((name) => !names.has(name))).to.deep.equal([]);
  });
});

describe("resources/contract/openapi", () => {
  it("tells each route with its parameters: in the query of a GET, as a form of a POST", () => {
    const { paths } = documentOf(openapi(some));

    const cards = paths["/v1/issuing/cards"];
    expect(cards?.["get"]?.parameters).to.deep.include({
      name: "created",
      in: "query",
      required: false,
      style: "deepObject",
      explode: true,
      schema: issuingCardListParams.properties.created,
    });
    const form = cards?.["post"]?.requestBody?.content["application/x-www-form-urlencoded"];
    expect(form?.schema).to.equal(issuingCardCreateParams);
    expect(cards?.["post"]?.operationId).to.equal("issuing.cards.create");
  });

  it("refers to nothing that it does not define", () => {
    const document = openapi(some);
    const { components } = documentOf(document);

    const wanted = [...JSON.stringify(document).matchAll(/"#\/components\/(\w+)\/(\w+)"/g)];

    expect(wanted).to.have.length.above(some.length);
    for (const [, kind = "", name = ""] of wanted) expect(components[kind]).to.have.property(name);
  });

  it("gives each operation a name of its own", () => {
    const { paths } = documentOf(
      openapi([...some, ...routes.filter(({ path }) => !some.some((one) => one.path === path))]),
    );

    const names = Object.values(paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
    expect(new Set(names)).to.have.property("size", names.length);
  });
});

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly object[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, object>>;
}

function documentOf(document: object): Document {
  return document as Document;
}
