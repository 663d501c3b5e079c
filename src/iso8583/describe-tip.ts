import type { Fit } from "./describe-fit.ts";

/** "visa-style behind a header of 22 bytes, in a frame of vli": the dialect and whatever is not as it says. */
export function fitName({ spec, change, framing }: Fit): string {
  const header = change === "" ? "" : ` ${change}`;
  return `${spec.name}${header}${framing === null ? "" : `, in a frame of ${framing.name}`}`;
}

/** What somebody who asked for one spec has to know of another that fits better: which, how much, and why. */
export function tipOf(asked: Fit, better: Fit): string {
  const more = better.fields - asked.fields;
  const counted = more > 0 ? `${more} more field${more === 1 ? "" : "s"}` : `${better.fields} fields`;
  const whole = better.description.isSound
    ? "the whole message"
    : `up to byte ${better.description.error?.offset ?? 0}`;
  return `tip: ${fitName(better)} fits better: it reads ${whole}, ${counted}; by ${asked.spec.name} ${reasonOf(asked)}`;
}

const placeNames: Readonly<Record<string, string>> = {
  "": "the message",
  "0": "the message type",
  "1": "the bitmap",
  header: "the header",
};

function reasonOf({ description, doubts }: Fit): string {
  const { error } = description;
  if (error === null) return doubts.join(", ");
  const where = placeNames[error.path] ?? `field ${error.path}`;
  return `${where}, byte ${error.offset}: expected ${error.expected}, found ${error.found}`;
}
