import { ok, type Result } from "../kernel/result.ts";
import { type ApiAddress, type ApiRefusal, askApi } from "./api-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface TriggerFlags {
  readonly event: string | undefined;
  readonly list: boolean;
  readonly key: string;
  readonly account: string | undefined;
  readonly url: string;
  readonly json: boolean;
}

type Json = Readonly<Record<string, unknown>>;
type Made = Result<Json, ApiRefusal>;
type Step = (api: ApiAddress, made: Readonly<Record<string, string>>) => Promise<Made>;

interface Recipe {
  /** What has to be there before, by name of a recipe. */
  readonly needs: readonly string[];
  readonly make: Step;
}

const cardholder = {
  name: "Jenny Rosen",
  type: "company",
  phone_number: "+14155550100",
  "billing[address][line1]": "1 Main Street",
  "billing[address][city]": "San Francisco",
  "billing[address][state]": "CA",
  "billing[address][postal_code]": "94107",
  "billing[address][country]": "US",
} as const;
const helpers = "/v1/test_helpers/issuing";

/** How each event is made to happen, through the API alone. */
const recipes: Readonly<Record<string, Recipe>> = {
  "topup.succeeded": {
    needs: [],
    make: (api) => askApi(api, "/v1/topups", { amount: "100000", currency: "usd", destination_balance: "issuing" }),
  },
  "issuing_cardholder.created": { needs: [], make: (api) => askApi(api, "/v1/issuing/cardholders", cardholder) },
  "issuing_cardholder.updated": {
    needs: ["issuing_cardholder.created"],
    make: (api, made) =>
      askApi(api, `/v1/issuing/cardholders/${made["issuing_cardholder.created"]}`, { "metadata[by]": "trigger" }),
  },
  "issuing_card.created": {
    needs: ["issuing_cardholder.created"],
    make: (api, made) =>
      askApi(api, "/v1/issuing/cards", {
        cardholder: made["issuing_cardholder.created"] ?? "",
        currency: "usd",
        type: "virtual",
        status: "active",
      }),
  },
  "issuing_card.updated": {
    needs: ["issuing_card.created"],
    make: (api, made) =>
      askApi(api, `/v1/issuing/cards/${made["issuing_card.created"]}`, { "metadata[by]": "trigger" }),
  },
  "issuing_authorization.created": {
    needs: ["topup.succeeded", "issuing_card.created"],
    make: (api, made) =>
      askApi(api, `${helpers}/authorizations`, { card: made["issuing_card.created"] ?? "", amount: "1000" }),
  },
  "issuing_authorization.updated": {
    needs: ["issuing_authorization.created"],
    make: (api, made) => askApi(api, `${helpers}/authorizations/${made["issuing_authorization.created"]}/reverse`, {}),
  },
  "issuing_transaction.created": {
    needs: ["issuing_authorization.created"],
    make: (api, made) => askApi(api, `${helpers}/authorizations/${made["issuing_authorization.created"]}/capture`, {}),
  },
};

/** `cardswitch trigger`: makes an event happen, with whatever has to be there before it. */
export async function trigger({ event, list, json, ...where }: TriggerFlags): Promise<ExitCode> {
  const names = Object.keys(recipes);
  if (list) {
    print(json, { events: names }, names.join("\n"));
    return exitCodes.ok;
  }
  if (event === undefined) return complain("which event? --list shows those that can be triggered", exitCodes.usage);
  if (recipes[event] === undefined) {
    return complain(`"${event}" is no event that can be triggered (--list shows them)`, exitCodes.usage);
  }
  const api = { url: where.url, key: where.key, account: where.account ?? null };
  const made: Record<string, string> = {};
  const done = await makeHappen(api, event, made);
  if (!done.ok) return complain(done.error.message, done.error.exitCode);
  print(
    json,
    { event, made },
    Object.entries(made)
      .map(([name, id]) => `${name} ${id}`)
      .join("\n"),
  );
  return exitCodes.ok;
}

async function makeHappen(
  api: ApiAddress,
  event: string,
  made: Record<string, string>,
): Promise<Result<null, ApiRefusal>> {
  const recipe = recipes[event];
  if (recipe === undefined || made[event] !== undefined) return ok(null);
  for (const need of recipe.needs) {
    const before = await makeHappen(api, need, made);
    if (!before.ok) return before;
  }
  const answer = await recipe.make(api, made);
  if (!answer.ok) return answer;
  made[event] = String(answer.value["id"]);
  return ok(null);
}
