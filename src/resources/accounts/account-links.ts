import { accountCreateLoginLinkParams } from "../../../specs/api/accounts.ts";
import { accountLinkCreateParams } from "../../../specs/api/account-links.ts";
import type { Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import type { ParamsOf } from "../params.ts";
import { addPlainObject, changePlainObject } from "../plain-objects.ts";
import { type Program, ProgramError, readObject } from "../program.ts";
import { type Answer, type Route, route } from "../route.ts";
import type { AccountBody } from "./accounts.ts";
import { foundAccount } from "./found-account.ts";

type CreateParams = ParamsOf<typeof accountLinkCreateParams>;

/** A way for somebody to a form about their account. Here the form has nothing to ask. */
export interface AccountLinkBody {
  readonly object: "account_link";
  /** Of the platform. */
  readonly account: number;
  readonly connected: Place;
  readonly return_url: string;
  readonly refresh_url: string;
  /** Business seconds. */
  readonly expires_at: number;
  readonly is_used: boolean;
  readonly created: number;
}

/** Where links of ours lead; behind these come an id of a link and an id of an account. */
export const connectPages = { setup: "/connect/setup", dashboard: "/connect/express" } as const;

/** Business seconds for which a link leads anywhere. */
const lifeS = 300;

export const accountLinkRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v1/account_links",
    operation: "accountLinks.create",
    scope: "account_links:write",
    params: accountLinkCreateParams,
    answer: create,
    // Written by create.
    repeated: (call, { body, objectNo }) =>
      shown(call, { shard: call.account.place.shard, no: objectNo }, JSON.parse(body) as AccountLinkBody),
  }),
  route({
    method: "POST",
    path: "/v1/accounts/{id}/login_links",
    operation: "accounts.createLoginLink",
    scope: "accounts:write",
    params: accountCreateLoginLinkParams,
    answer: async (call) => {
      const { body } = foundAccount(call);
      const id = call.path["id"] ?? "";
      if (!call.account.isPlatform || body.details.type !== "express") {
        throw new ApiError(
          "invalid_state",
          `Cannot create a login link for the account ${id}, which has no Express Dashboard.`,
        );
      }
      const url = `${call.origin}${connectPages.dashboard}/${id}`;
      return { kind: "body", body: { object: "login_link", created: call.nowS, url } };
    },
  }),
];

async function create(call: Call<CreateParams>): Promise<Answer> {
  const { account, params } = call;
  if (!account.isPlatform) {
    throw new ApiError("platform_account_required", "Only a platform makes links for its connected accounts.");
  }
  const connected = call.find<AccountBody>("acct", params.account, "account");
  checkKind(connected.body, params.type);
  const body: AccountLinkBody = {
    object: "account_link",
    account: account.place.no,
    connected: connected.place,
    return_url: webAddress(params.return_url, "return_url"),
    refresh_url: webAddress(params.refresh_url, "refresh_url"),
    expires_at: call.nowS + lifeS,
    is_used: false,
    created: call.nowS,
  };
  return shown(call, await addPlainObject(call.program, account.place, "account_link", body), body);
}

/** Who collects nothing themselves cannot send anybody to change it. */
function checkKind({ details: { type }, is_platform }: AccountBody, kind: CreateParams["type"]): void {
  if (is_platform) throw new ApiError("parameter_invalid", "A platform needs no link to its own account.", "account");
  if (kind === "account_onboarding" || type === "custom" || type === "none") return;
  throw new ApiError("parameter_invalid", `You cannot create ${kind} type Account Links for this account.`, "type");
}

function webAddress(text: string | undefined, param: string): string {
  if (text === undefined) throw new ApiError("parameter_missing", `Missing required param: ${param}.`, param);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "http:" || url?.protocol === "https:") return text;
  throw new ApiError("parameter_invalid", "Not a valid URL", param);
}

function shown<Params>(call: Call<Params>, place: Place, { created, expires_at }: AccountLinkBody): Answer {
  const url = `${call.origin}${connectPages.setup}/${call.ids.encode("alnk", place)}`;
  return { kind: "body", body: { object: "account_link", created, expires_at, url } };
}

/**
 * Where a visitor of a link is sent: back to the platform with nothing left to ask, or to where it makes a new link, since
 * a link serves once and not for long. Throws ProgramError, `no_such_object` where there is no such link.
 */
export async function visitAccountLink(program: Program, link: Place): Promise<string> {
  const { body } = await readObject<AccountLinkBody>(program, "account_link", link);
  if (body.is_used || body.expires_at <= program.clock.businessNow() / 1000) return body.refresh_url;
  const name = { type: "account_link", no: link.no } as const;
  let isFirst = false;
  try {
    await changePlainObject<AccountLinkBody>(program, { shard: link.shard, no: body.account }, name, (before) => {
      isFirst = !before.is_used;
      return { ...before, is_used: true };
    });
  } catch (error) {
    if (error instanceof ProgramError && error.code === "conflict") return body.refresh_url;
    throw error;
  }
  return isFirst ? body.return_url : body.refresh_url;
}
