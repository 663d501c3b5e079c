import type { DialectSpec } from "../../specs/dialect.ts";
import { renderDifferences, messageDifferences } from "../iso8583/describe-diff.ts";
import { type Fit, bestFit, betterFit, fitAs } from "../iso8583/describe-fit.ts";
import { type FoundFrame, frameAround } from "../iso8583/describe-frame.ts";
import { fitName, tipOf } from "../iso8583/describe-tip.ts";
import { type Message, compile, framingNamed, renderDescription } from "../iso8583/public.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { dialectNamed, dialectOfFile, shippedDialects } from "./dialect-source.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { isFile } from "./is-file.ts";
import { readMessageSource } from "./message-source.ts";
import { complain, print } from "./output.ts";

export interface DescribeFlags {
  /** Hex digits, a file with them or with the bytes themselves, or "-" for stdin. */
  readonly source: string;
  /** undefined: the dialect that reads most of it. */
  readonly dialect: string | undefined;
  /** A file with a spec of somebody else's, instead of a dialect. */
  readonly spec: string | undefined;
  /** undefined: in whatever frame it stands, or in none. */
  readonly frame: string | undefined;
  /** Bytes in front that are not looked at. */
  readonly skip: string;
  /** Another message: what it says otherwise is shown instead. */
  readonly diff: string | undefined;
  readonly json: boolean;
}

/**
 * `cardswitch describe`: every byte of a message with its field and meaning, and a tip where another spec fits better.
 * Exit code 1 where it is not sound, or with --diff where the messages differ.
 */
export async function describe(flags: DescribeFlags): Promise<ExitCode> {
  if (!/^\d{1,5}$/.test(flags.skip))
    return complain(`--skip is a number of bytes, not "${flags.skip}"`, exitCodes.usage);
  const spec = await specOf(flags);
  if (!spec.ok) return complain(spec.error, exitCodes.usage);
  const fit = fitOfSource(flags.source, spec.value, flags);
  if (!fit.ok) return complain(fit.error, exitCodes.usage);
  if (flags.diff !== undefined) return showDifferences(fit.value, flags.diff, flags);
  return show(fit.value, flags.json);
}

async function specOf({ dialect, spec }: DescribeFlags): Promise<Result<DialectSpec | null, string>> {
  if (spec !== undefined && !isFile(spec) && dialectNamed(spec).ok) {
    return fail(`--spec names a file, and ${spec} is a dialect: say --dialect ${spec}`);
  }
  if (spec !== undefined) return dialectOfFile(spec);
  return dialect === undefined ? ok(null) : dialectNamed(dialect);
}

interface Described {
  readonly bytes: Uint8Array;
  readonly fit: Fit;
}

function fitOfSource(
  source: string,
  spec: DialectSpec | null,
  { frame, skip }: DescribeFlags,
): Result<Described, string> {
  const all = readMessageSource(source);
  if (all === null) return fail(`"${source}" is no hexadecimal message, and no file`);
  const bytes = all.subarray(Number(skip));
  if (bytes.length === 0) return fail("there is no message: no byte is left");
  const frames = framesNamed(bytes, frame);
  if (!frames.ok) return frames;
  const fit = spec === null ? bestFit(bytes, shippedDialects, frames.value) : fitAs(bytes, spec, frames.value);
  return ok({ bytes, fit });
}

/** undefined where every frame may be tried. */
function framesNamed(bytes: Uint8Array, name: string | undefined): Result<(FoundFrame | null)[] | undefined, string> {
  if (name === undefined) return ok(undefined);
  if (name === "none") return ok([null]);
  const framing = framingNamed(name);
  if (framing === null) return fail(`there is no framing "${name}"`);
  const frame = frameAround(bytes, framing);
  return frame === null ? fail(`these bytes are not one frame of ${name}`) : ok([frame]);
}

function show({ bytes, fit }: Described, isJson: boolean): ExitCode {
  const better = betterFit(bytes, fit, shippedDialects);
  const tip = better === null ? null : tipOf(fit, better);
  const json = {
    ...fit.description,
    frame: fit.framing?.name ?? null,
    change: fit.change === "" ? null : fit.change,
    doubts: fit.doubts,
    tip,
    better: better === null ? null : { name: fitName(better), dialect: better.spec.name, fields: better.fields },
  };
  const doubts = fit.doubts.map((doubt) => `doubtful: ${doubt}`);
  const read = fit.change === "" && fit.framing === null ? [] : [`read as ${fitName(fit)}`];
  print(
    isJson,
    json,
    [...read, renderDescription(fit.description), ...doubts, ...(tip === null ? [] : [tip])].join("\n"),
  );
  return fit.description.isSound ? exitCodes.ok : exitCodes.failed;
}

/** Each message in its own frame, both by the same dialect. */
function showDifferences({ bytes, fit }: Described, other: string, flags: DescribeFlags): ExitCode {
  const theirs = fitOfSource(other, fit.spec, { ...flags, skip: "0" });
  if (!theirs.ok) return complain(theirs.error, exitCodes.usage);
  const [left, right] = [messageOf(bytes, fit), messageOf(theirs.value.bytes, theirs.value.fit)];
  if (left === null || right === null) {
    return complain(
      `the ${left === null ? "first" : "second"} message is not sound as ${fit.spec.name}`,
      exitCodes.failed,
    );
  }
  const differences = messageDifferences(left, right);
  print(flags.json, { dialect: fit.spec.name, differences }, renderDifferences(differences));
  return differences.length === 0 ? exitCodes.ok : exitCodes.failed;
}

function messageOf(bytes: Uint8Array, { spec, framing }: Fit): Message | null {
  const frame = framing === null ? null : frameAround(bytes, framing);
  const decoded = compile(spec).decode(frame === null ? bytes : bytes.subarray(frame.from, frame.to));
  return decoded.ok ? decoded.message : null;
}
