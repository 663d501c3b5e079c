import type { FastifyInstance, FastifyReply } from "fastify";
import type { FileContents } from "../resources/files/file-contents.ts";
import { linkedContents, linksPath } from "../resources/files/file-links.ts";
import type { ApiParts } from "./api-parts.ts";
import { unavailableText } from "./envelope.ts";

/** Where file links lead: a file for whoever holds the link, without a key. */
export function addFilePages(app: FastifyInstance, parts: ApiParts): void {
  app.get<{ Params: { id: string } }>(`${linksPath}/:id`, async ({ params }, reply) => {
    if (!parts.isOpen()) return say(reply, 503, unavailableText);
    const { caughtUp, ids, program, records } = parts.books();
    const link = ids.decode("link", params.id);
    if (link === null || link.shard >= program.committer.keyspace.shardCount) return say(reply, 404, noLinkText);
    if (!(await caughtUp(link.shard, parts.limits.readWaitMs))) return say(reply, 503, unavailableText);
    const contents = linkedContents(records, link, Math.floor(parts.clock.businessNow() / 1000));
    return contents === null ? say(reply, 404, noLinkText) : sendContents(reply, contents);
  });
}

/** What somebody has uploaded is shown by no browser as a page of ours. */
export function sendContents(reply: FastifyReply, { bytes, filename, mediaType }: FileContents): FastifyReply {
  return reply
    .headers({
      "content-type": mediaType,
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    })
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

const noLinkText = "There is no such link, or it has ended.";

function say(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .headers({ "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
    .send(`${text}\n`);
}
