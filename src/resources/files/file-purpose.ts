import { type FilePurpose, filePurposes, otherPurpose } from "../../../specs/file-purposes.ts";
import { ApiError } from "../api-error.ts";
import type { Upload } from "../call.ts";
import type { FileBody } from "./files.ts";

/** When a file is gone, in business seconds; null: never. */
export function endOf({ created, purpose }: Pick<FileBody, "created" | "purpose">): number | null {
  const { daysKept } = purposeNamed(purpose);
  return daysKept === null ? null : created + daysKept * 86_400;
}

export function purposeNamed(name: string): FilePurpose {
  return Object.hasOwn(filePurposes, name) ? (filePurposes[name] ?? otherPurpose) : otherPurpose;
}

/** Throws `parameter_invalid` where nothing of such a file is given back. */
export function checkDownloadable(purpose: string, param: string): void {
  if (purposeNamed(purpose).isDownloadable) return;
  throw new ApiError("parameter_invalid", `A file for ${purpose} is not given back, so no link leads to it.`, param);
}

/** Throws `parameter_invalid` for what the purpose does not take. */
export function checkKind(upload: Upload, purpose: string): void {
  const { bytesMax, kinds } = purposeNamed(purpose);
  const kind = kindOf(upload);
  if (kinds !== null && !kinds.some((known) => known === kind)) {
    throw new ApiError(
      "parameter_invalid",
      `A file for ${purpose} is one of ${kinds.join(", ")}, not ${kind}.`,
      "file",
    );
  }
  if (bytesMax === null || upload.bytes.length <= bytesMax) return;
  throw new ApiError("parameter_invalid", `A file for ${purpose} has at most ${bytesMax} bytes.`, "file");
}

const beginnings: readonly (readonly [string, readonly number[]])[] = [
  ["png", [0x89, 0x50, 0x4e, 0x47]],
  ["jpg", [0xff, 0xd8, 0xff]],
  ["pdf", [0x25, 0x50, 0x44, 0x46]],
  ["gif", [0x47, 0x49, 0x46, 0x38]],
];

/** "png": by the bytes with which it begins, else by its name. */
export function kindOf({ bytes, filename }: Upload): string {
  for (const [type, magic] of beginnings) if (magic.every((byte, at) => bytes[at] === byte)) return type;
  const dot = filename.lastIndexOf(".");
  const ending = dot > 0 ? filename.slice(dot + 1, dot + 9).toLowerCase() : "bin";
  return ending === "jpeg" ? "jpg" : ending;
}
