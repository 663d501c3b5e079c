import { mediaTypes } from "../../../specs/file-purposes.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import type { RecordsQueries } from "../../records/queries.ts";
import { addPlainObject } from "../plain-objects.ts";
import { type Program, aside } from "../program.ts";
import { endOf, purposeNamed } from "./file-purpose.ts";
import type { FileBody } from "./files.ts";

/** A file on its way back to whoever asked for it. */
export class FileContents {
  readonly bytes: Uint8Array;
  readonly filename: string;
  readonly mediaType: string;

  constructor({ bytes, filename, kind }: { bytes: Uint8Array; filename: string; kind: string }) {
    this.bytes = bytes;
    this.filename = filename;
    const known: Readonly<Record<string, string>> = mediaTypes;
    this.mediaType = known[kind] ?? "application/octet-stream";
  }
}

/** A stretch of the contents of a file. Those of an upload that was broken off belong to no file. */
interface FilePartBody {
  readonly object: "file_part";
  readonly account: number;
  /** Base64. */
  readonly octets: string;
}

/** An entry of the journal holds a part whole, and while it is written no authorization is decided. */
const partBytesMax = 65_536;

/** Keeps contents in parts, ahead of the file that names them; returns their numbers. Throws ProgramError. */
export async function keepContents(program: Program, account: Place, bytes: Uint8Array): Promise<number[]> {
  const numbers: number[] = [];
  for (let from = 0; from < bytes.length; from += partBytesMax) {
    const octets = Buffer.from(bytes.subarray(from, from + partBytesMax)).toString("base64");
    const body: FilePartBody = { object: "file_part", account: account.no, octets };
    numbers.push((await addPlainObject(aside(program), account, "file_part", body)).no);
  }
  return numbers;
}

/** Contents of a file; null: it is over, or of a purpose of which nothing is given back. */
export function contentsOf(
  records: RecordsQueries,
  { shard }: Place,
  { body, nowS }: { readonly body: FileBody; readonly nowS: number },
): FileContents | null {
  const endsAt = endOf(body);
  if (!purposeNamed(body.purpose).isDownloadable || (endsAt !== null && endsAt <= nowS)) return null;
  const { filename, parts, type: kind } = body;
  return new FileContents({ bytes: bytesIn(records, shard, parts), filename, kind });
}

function bytesIn(records: RecordsQueries, shard: number, parts: readonly number[]): Uint8Array {
  return Buffer.concat(
    parts.map((no) => {
      // As rows of a page: objects that are looked for by their place are kept in memory, and few ask for a file twice.
      const [part] = records.objects("file_part", shard, { before: no + 1, rowsMax: 1 });
      const { body } = must(part, "parts are recorded before their file");
      // Written by keepContents.
      return Buffer.from((JSON.parse(body) as FilePartBody).octets, "base64");
    }),
  );
}
