import type { FastifyInstance, FastifyReply } from "fastify";
import { connectPages, visitAccountLink } from "../resources/accounts/account-links.ts";
import { ProgramError, aside } from "../resources/program.ts";
import type { ApiParts } from "./api-parts.ts";
import { unavailableText } from "./envelope.ts";

/** Where account links and login links lead: pages for people, who have no key. Who holds a link may follow it. */
export function addConnectPages(app: FastifyInstance, parts: ApiParts): void {
  app.get<{ Params: { id: string } }>(`${connectPages.setup}/:id`, async ({ params }, reply) => {
    if (!parts.isOpen()) return say(reply, 503, unavailableText);
    const { ids, program } = parts.books();
    const link = ids.decode("alnk", params.id);
    if (link === null) return say(reply, 404, noLinkText);
    try {
      return await reply.redirect(await visitAccountLink(aside(program), link), 303);
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      return error.code === "no_such_object" ? say(reply, 404, noLinkText) : say(reply, 503, unavailableText);
    }
  });
  app.get(`${connectPages.dashboard}/:id`, async (_request, reply) => say(reply, 200, noDashboardText));
}

const noLinkText = "There is no such link.";
const noDashboardText =
  "With Stripe this would be the Express Dashboard of a connected account. cardswitch has none: its API tells all of it.";

function say(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .headers({ "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
    .send(`${text}\n`);
}
