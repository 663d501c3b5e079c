import type { NetworkMessage } from "./network-message.ts";
import type { Expectation, Opinion } from "./opinion.ts";
import type { Moment } from "./opinion-facts.ts";

/** What the model of the rules says of any message. It takes the message as decided: it is asked once for each. */
export function judge(opinion: Opinion, message: NetworkMessage, moment: Moment): Expectation {
  switch (message.kind) {
    case "request":
      return message.mti.startsWith("01")
        ? opinion.authorize(message.purchase, moment)
        : opinion.post(message.purchase, moment);
    case "advice":
      return opinion.advise(message.advice, message.mti.startsWith("02"), moment);
    case "reversal":
      return opinion.reverse(message.undo, message.mti.startsWith("042"), moment);
  }
}
