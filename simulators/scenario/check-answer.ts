import { responseCodeMeanings } from "../../specs/response-codes.ts";
import type { Message } from "../../src/iso8583/public.ts";
import { formatMinor, minor, parseMajor } from "../../src/kernel/money.ts";
import { currencyCodeOf, decimalsOf } from "../known-program.ts";
import type { Expectation } from "../opinion.ts";
import type { NetworkName, Purchase } from "../purchase.ts";
import type { Outcome } from "../station.ts";
import type { AnswerWish, Place, Text } from "./scenario.ts";
import type { SentMessages } from "./sent-messages.ts";
import type { StepFailure } from "./step-fault.ts";

/** An answer, and whatever is needed to read what was wished of it. */
export interface Answered {
  readonly outcome: Outcome;
  readonly purchase: Purchase;
  readonly sent: SentMessages;
}

/** What is wrong with an answer by the scenario's own words. */
export function checkWish(wish: AnswerWish, { outcome, purchase, sent }: Answered): StepFailure[] {
  const reply = replyOf(outcome);
  if (wish.isSilent) return reply === null ? [] : [failure(wish, "silence", answerWords(outcome, purchase.network))];
  const code = outcome.kind === "stood_in" ? outcome.responseCode : (reply?.get("39") ?? null);
  const failures: StepFailure[] = [];
  if (wish.code !== null) {
    const expected = sent.words(wish.code);
    if (code !== expected)
      failures.push(failure(wish.code, codeWords(expected, purchase.network), answerWords(outcome, purchase.network)));
  }
  if (reply === null) {
    const wantsMore = wish.amount !== null || wish.fields.length > 0 || wish.sameAs !== null;
    return wantsMore && failures.length === 0 ? [failure(wish, "an answer", "none")] : failures;
  }
  if (wish.amount !== null) failures.push(...checkAmount(wish.amount, reply, { purchase, sent }));
  for (const { path, value } of wish.fields) failures.push(...checkField(path, value, reply, sent));
  if (wish.sameAs !== null) failures.push(...checkSame(wish.sameAs, reply, sent));
  return failures;
}

/** What is wrong with it by the model of the rules. */
export function checkRules(place: Place, right: Expectation, { outcome, purchase }: Answered): StepFailure[] {
  const reply = replyOf(outcome);
  const code = reply?.get("39") ?? null;
  const words = `by the rules ${codeWords(right.responseCode, purchase.network)}, ${right.words}`;
  if (code !== right.responseCode) return [failure(place, words, answerWords(outcome, purchase.network))];
  if (right.approvedPart === null || reply === null) return [];
  const found = BigInt(reply.get("4") ?? "-1");
  if (found === right.approvedPart) return [];
  const { currency } = purchase.acceptor;
  return [failure(place, `by the rules DE4 of ${money(right.approvedPart, currency)}`, money(found, currency))];
}

function checkAmount(
  wish: Text,
  reply: Message,
  { purchase, sent }: { readonly purchase: Purchase; readonly sent: SentMessages },
): StepFailure[] {
  const { currency } = purchase.acceptor;
  const expected = parseMajor(sent.words(wish), decimalsOf(currency));
  const found = reply.get("4");
  if (expected !== null && found !== undefined && BigInt(found) === expected) return [];
  const right = expected === null ? "an amount such as 12.50" : money(expected, currency);
  return [failure(wish, `DE4 of ${right}`, found === undefined ? "no DE4" : money(BigInt(found), currency))];
}

function checkField(path: string, value: Text, reply: Message, sent: SentMessages): StepFailure[] {
  const expected = sent.words(value);
  const found = reply.get(path);
  if (expected === "absent") return found === undefined ? [] : [failure(value, `no DE${path}`, `"${found}"`)];
  if (found === undefined) return [failure(value, `DE${path}`, "none")];
  return expected === "present" || found.trimEnd() === expected ? [] : [failure(value, `"${expected}"`, `"${found}"`)];
}

function checkSame(name: Text, reply: Message, sent: SentMessages): StepFailure[] {
  const first = sent.find(name).reply;
  const ofFirst = ["38", "39"].map((path) => first?.get(path) ?? "none").join(" and ");
  const ofThis = ["38", "39"].map((path) => reply.get(path) ?? "none").join(" and ");
  return ofFirst === ofThis ? [] : [failure(name, `DE38 and DE39 again: ${ofFirst}`, ofThis)];
}

export function replyOf(outcome: Outcome): Message | null {
  return outcome.kind === "answered" || outcome.kind === "faulty" ? outcome.reply : null;
}

/** An answer that counts as none, whatever its DE39 says. */
export function faultOf(place: Place, outcome: Outcome): StepFailure[] {
  return outcome.kind === "faulty" ? [failure(place, "an answer that counts", outcome.fault)] : [];
}

function answerWords(outcome: Outcome, network: NetworkName): string {
  if (outcome.kind === "silent") return "silence";
  if (outcome.kind === "stood_in") return `${outcome.responseCode} of the network's own`;
  return codeWords(outcome.reply.get("39") ?? null, network);
}

/** "51 (insufficient funds)" */
function codeWords(code: string | null, network: NetworkName): string {
  if (code === null) return "silence";
  const meanings: Readonly<Record<string, string>> = responseCodeMeanings[network];
  return meanings[code] === undefined ? code : `${code} (${meanings[code]})`;
}

export function money(amount: bigint, currency: number): string {
  return `${formatMinor(minor(amount), decimalsOf(currency))} ${currencyCodeOf(currency)}`;
}

export function failure({ line, path }: Place, expected: string, found: string): StepFailure {
  return { line, path, expected, found };
}
