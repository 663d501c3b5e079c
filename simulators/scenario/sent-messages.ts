import type { Message } from "../../src/iso8583/public.ts";
import type { NetworkMessage } from "../network-message.ts";
import type { WireFields } from "../purchase.ts";
import type { Text } from "./scenario.ts";
import { StepFault } from "./step-fault.ts";

/** A message of a scenario with what came back. */
export interface SentMessage {
  readonly message: NetworkMessage;
  /** As it left; null: it was only planned. */
  readonly fields: WireFields | null;
  readonly reply: Message | null;
}

/** What a scenario has said so far, by the names that it gave, and the words that stand for it. */
export class SentMessages {
  readonly #variables: ReadonlyMap<string, string>;
  readonly #sent = new Map<string, SentMessage>();

  constructor(variables: ReadonlyMap<string, string>) {
    this.#variables = variables;
  }

  note(name: string | null, sent: SentMessage): void {
    if (name !== null) this.#sent.set(name, sent);
  }

  find(name: Text): SentMessage {
    const sent = this.#sent.get(this.words(name));
    if (sent === undefined) throw new StepFault(name, "a message that was named before", `"${this.words(name)}"`);
    return sent;
  }

  /** The text with every `${…}` filled in: a variable, or `${name.request.37}` and `${name.reply.38}` of a message. */
  words(text: Text): string {
    return text.text.replaceAll(/\$\{([^}]*)\}/g, (_whole, name: string) => this.#value(name, text));
  }

  #value(name: string, place: Text): string {
    const [message = "", side, ...path] = name.split(".");
    const sent = this.#sent.get(message);
    const field = path.join(".");
    const value =
      side === undefined
        ? this.#variables.get(name)
        : side === "request"
          ? sent?.fields?.[field]
          : side === "reply"
            ? sent?.reply?.get(field)
            : undefined;
    if (value === undefined) throw new StepFault(place, "something that is known by now", `\${${name}}`);
    return value;
  }
}
