import { expect } from "chai";
import Stripe from "stripe";
import { accountRanges } from "../../specs/account-ranges.ts";
import { isLuhnValid } from "../../src/kernel/pan.ts";
import { type Problem, problemsOf } from "./answer-problems.ts";

/** What was asked for, as the request's first line says it. */
export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
}

/** What the SDK's configuration takes as its `httpClient`. */
export type HttpClient = NonNullable<Stripe.StripeConfig["httpClient"]>;

const found = new Map<Problem, string>();
const codes = new Map<string, string>();

// Answers come in the middle of a test: whatever is wrong with one fails the test that has asked for it.
afterEach("every answer is what the SDK's types say, and tells of no card number or code", () => {
  const problems = Object.fromEntries(found);
  found.clear();
  expect(problems).to.deep.equal({});
});

/** The SDK's own client, with a look at each answer on the way. */
export function checkingClient(): HttpClient {
  const client = Stripe.createNodeHttpClient();
  return {
    getClientName: () => client.getClientName(),
    makeRequest: async (host, port, path, method, ...more) => {
      const response = await client.makeRequest(host, port, path, method, ...more);
      return {
        getStatusCode: () => response.getStatusCode(),
        getHeaders: () => response.getHeaders(),
        getRawResponse: () => response.getRawResponse(),
        toStream: (onEnd) => response.toStream(onEnd),
        toJSON: async () => {
          const answer: unknown = await response.toJSON();
          checkAnswer({ method, path }, answer);
          return answer;
        },
      };
    },
  };
}

/** Notes in what an answer of the API differs from the SDK's types. */
export function checkAnswer(asked: Asked, answer: unknown): void {
  if (!asked.path.startsWith("/v1/")) return;
  note([...problemsOf(answer), ...secretsIn(asked, answer)], `${asked.method} ${asked.path}`);
}

/** The same of what an endpoint of a program was told: an event. */
export function checkTold(body: string): void {
  const event: unknown = JSON.parse(body);
  note([...problemsOf(event), ...secretsIn({ method: "POST", path: "" }, event)], "a webhook");
}

function note(problems: readonly Problem[], where: string): void {
  for (const problem of problems) if (!ownOfStripe.has(problem)) found.set(problem, where);
}

const bank = "funding_instructions.bank_transfer";

/** Where Stripe itself, by its documents, tells what the types of its SDK do not know; and why. */
const ownOfStripe: ReadonlyMap<Problem, string> = new Map([
  [
    'file.purpose: "issuing_logo" is none of the SDK\'s',
    "logos of cards are files of a purpose that the types leave out",
  ],
  // The SDK has no funding instructions of Issuing; those of customers, which it knows, are of other countries and banks.
  ...["us_bank_transfer", "gb_bank_transfer"].map(
    (type) =>
      [`${bank}.type: "${type}" is none of the SDK's`, "Issuing is funded where customers do not pay so"] as const,
  ),
  [
    `${bank}.financial_addresses[].supported_networks[]: "us_domestic_wire" is none of the SDK's`,
    "as Issuing documents",
  ],
  ...["aba", "iban", "sort_code"].flatMap((address) =>
    ["account_holder_address", "account_type", "bank_address"].map(
      (field) =>
        [`${bank}.financial_addresses[].${address}.${field}: missing`, "Issuing tells name and numbers"] as const,
    ),
  ),
]);

/** Numbers by their check digit wherever they stand, and the code of each card that the answer speaks of. */
export function secretsIn({ method, path }: Asked, answer: unknown): Problem[] {
  const mayTell = method === "GET" && /^\/v1\/issuing\/cards\/\w+\?.*(expand|ephemeral_key_private_nonce)/u.test(path);
  const problems: Problem[] = [];
  const told: [string, string][] = [];
  walk(answer, "answer");
  const codesOfCards = told.flatMap(([, text]) => codes.get(text) ?? []);
  for (const [at, text] of told) {
    if (text.match(/\d{13,19}/gu)?.some(isPan) === true) problems.push(`${at}: a card number`);
    if (codesOfCards.includes(text)) problems.push(`${at}: a card's code`);
  }
  return problems;

  function walk(value: unknown, at: string): void {
    if (typeof value === "string") told.push([at, value]);
    if (typeof value !== "object" || value === null) return;
    const inside: Readonly<Record<string, unknown>> = { ...value };
    const isTold = mayTell && inside["object"] === "issuing.card";
    if (isTold && "cvc" in inside) codes.set(String(inside["id"]), String(inside["cvc"]));
    for (const [name, one] of Object.entries(inside)) {
      if (!(isTold && (name === "number" || name === "cvc"))) walk(one, `${at}.${name}`);
    }
  }
}

/** Of a range that cards are made from: what a network calls a payment has fifteen digits, and a check digit by chance. */
function isPan(digits: string): boolean {
  return (
    isLuhnValid(digits) &&
    accountRanges.some(({ panDigits, prefix }) => digits.length === panDigits && digits.startsWith(prefix))
  );
}
