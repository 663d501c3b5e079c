import type { AuthorizationHistory } from "../../ledger/authorization-history.ts";
import { readDetails } from "../../ledger/entry-details.ts";
import type { Metadata } from "../metadata.ts";
import type { AuthorizationNote } from "./notes.ts";

/** What was put to an authorization: by its program's answers, until somebody writes to it by the API. */
export function authorizationMetadata(
  { requests }: Pick<AuthorizationHistory, "requests">,
  { note, version }: { readonly note: AuthorizationNote; readonly version: number },
): Metadata {
  if (version > 0) return note.metadata;
  const answered = requests.map(({ answerDetails }) => readDetails(answerDetails).metadata ?? {});
  return Object.assign({}, ...answered) as Metadata;
}
