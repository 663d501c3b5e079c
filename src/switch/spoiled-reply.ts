import type { SpoiledAnswer } from "../../specs/forced-outcomes.ts";
import type { Message } from "../iso8583/public.ts";
import { type Answer, replyFrame, sendReply } from "./reply.ts";
import type { Session } from "./session.ts";

/** Answers as a forced outcome wants it, which has nothing to do with what was decided (specs/forced-outcomes.ts). */
export function sendSpoiled(session: Session, request: Message, answer: Answer, forced: SpoiledAnswer): void {
  switch (forced.kind) {
    case "drop":
      return session.link.count("silent");
    case "duplicate":
      sendReply(session, request, answer);
      return sendReply(session, request, answer);
    case "half_reply": {
      const bytes = replyFrame(session, request, answer);
      session.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
      return session.close();
    }
    case "delay":
      setTimeout(() => {
        if (session.isReachable) sendReply(session, request, answer);
      }, forced.ms).unref();
  }
}
