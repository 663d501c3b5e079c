import { openOffline } from "../app/offline.ts";
import { type VerifyAnswer, verifyDataSet } from "../app/verify-data-set.ts";
import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface VerifyFlags {
  readonly url: string | undefined;
  /** A data set that nobody serves; undefined: a running switch. */
  readonly dataDir: string | undefined;
  readonly json: boolean;
}

/** `cardswitch verify`: 0 where the books hold, 1 where they do not; it names the smallest wrong thing. */
export async function verify({ url, dataDir, json }: VerifyFlags): Promise<ExitCode> {
  if (dataDir !== undefined) return verifyOffline(dataDir, json);
  const reply = await askAdmin<VerifyAnswer>({ url }, "/_admin/verify", {});
  return reply.ok ? tell(reply.value.body, json) : complain(reply.error.message, reply.error.exitCode);
}

async function verifyOffline(dataDir: string, json: boolean): Promise<ExitCode> {
  const opened = await openOffline({ "data-dir": dataDir }, { mayCreate: false });
  if (!opened.ok) {
    // What the start check finds is a finding, not a lack of the machine.
    return complain(
      opened.error.message,
      opened.error.code === "data_differs" ? exitCodes.failed : exitCodeOf(opened.error),
    );
  }
  const { books, place, close } = opened.value;
  try {
    if (!(await books.projector.drained()))
      return complain("the records do not catch up with the journal", exitCodes.failed);
    const report = await verifyDataSet(place, books);
    return report.ok ? tell(report.value, json) : complain(report.error.message);
  } finally {
    await close();
  }
}

function tell(report: VerifyAnswer, json: boolean): ExitCode {
  const { accounts, entries, isSound, openHolds, violationCount, violations } = report;
  const seen = `${entries} entries, ${accounts} accounts, ${openHolds} open holds`;
  const lines = violations.map(
    ({ invariant, entity, expected, found }) => `${invariant} ${entity}: expected ${expected}, found ${found}`,
  );
  print(json, report, isSound ? `holds: ${seen}` : [`does not hold (${violationCount}): ${seen}`, ...lines].join("\n"));
  return isSound ? exitCodes.ok : exitCodes.failed;
}
