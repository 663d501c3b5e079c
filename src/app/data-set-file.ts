import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { type Result, ok } from "../kernel/result.ts";
import { type AppError, appError } from "./app-error.ts";

/**
 * A data set as one file, gzip around
 *
 *   one line of JSON, the manifest | the contents of its files, one after the other, in its order
 */
export interface Manifest {
  readonly cardswitch: "data set";
  readonly format: 1;
  readonly data_set: string;
  readonly has_keys: boolean;
  readonly files: readonly PackedFile[];
}

export interface PackedFile {
  /** Below the folder of the data set, and one of those that such a folder has. */
  readonly path: string;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** Is handed the contents in order; every file is ended, and is whole then. */
export interface FileSink {
  begin(file: PackedFile): void;
  write(chunk: Buffer): void;
  end(): void;
}

const manifestBytesMax = 1_048_576;
const knownPath =
  /^(data-set\.json|keys\.json|(records|deliveries)\.db(-wal)?|redis\/appendonlydir\/[\w-][\w.-]{0,99})$/;

/** Errors: `file_unusable` where there is a file already, or it cannot be written; nothing of it stays then. */
export async function writeDataSetFile(
  target: string,
  manifest: Manifest,
  placeOf: (file: PackedFile) => string,
): Promise<Result<null, AppError>> {
  async function* contents(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${JSON.stringify(manifest)}\n`);
    for (const file of manifest.files) for await (const chunk of createReadStream(placeOf(file))) yield chunk as Buffer;
  }
  try {
    const file = createWriteStream(target, { flags: "wx", mode: 0o600, flush: true });
    await pipeline(Readable.from(contents()), createGzip({ level: 1 }), file);
    return ok(null);
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (isThere) return appError("file_unusable", `${target} is there already; name another file`);
    rmSync(target, { force: true });
    return appError("file_unusable", `${target} cannot be written: ${messageOf(error)}`);
  }
}

/** Reads the file to its end and compares every checksum. Errors: `file_unusable`. */
export async function readDataSetFile(source: string, sink: FileSink | null): Promise<Result<Manifest, AppError>> {
  const unpacking = new Unpacking(sink);
  try {
    await pipeline(createReadStream(source), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) unpacking.take(chunk);
    });
    return ok(unpacking.finish());
  } catch (error) {
    return appError("file_unusable", `${source} is damaged or no export of a data set: ${messageOf(error)}`);
  }
}

/** Throws at the first octet that is not as the manifest says. */
class Unpacking {
  readonly #sink: FileSink | null;
  #head = Buffer.alloc(0);
  #manifest: Manifest | null = null;
  #waiting: PackedFile[] = [];
  #file: PackedFile | null = null;
  #bytesLeft = 0;
  #hash: Hash = createHash("sha256");

  constructor(sink: FileSink | null) {
    this.#sink = sink;
  }

  take(chunk: Buffer): void {
    let rest = this.#manifest === null ? this.#takeHead(chunk) : chunk;
    while (rest.length > 0) {
      if (this.#file === null) throw new Error("it goes on behind its last file");
      const part = rest.subarray(0, this.#bytesLeft);
      this.#hash.update(part);
      this.#sink?.write(part);
      this.#bytesLeft -= part.length;
      rest = rest.subarray(part.length);
      if (this.#bytesLeft === 0) this.#next();
    }
  }

  finish(): Manifest {
    if (this.#manifest === null || this.#file !== null) throw new Error("it ends too early");
    return this.#manifest;
  }

  #takeHead(chunk: Buffer): Buffer {
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf("\n");
    if (end < 0 && this.#head.length <= manifestBytesMax) return Buffer.alloc(0);
    const manifest: unknown = JSON.parse(this.#head.toString("utf8", 0, Math.max(end, 0)));
    if (!isManifest(manifest)) throw new Error("it was written by another version, or by something else");
    this.#manifest = manifest;
    this.#waiting = [...manifest.files];
    this.#next();
    return this.#head.subarray(end + 1);
  }

  #next(): void {
    for (;;) {
      if (this.#file !== null) this.#endFile(this.#file);
      this.#file = this.#waiting.shift() ?? null;
      if (this.#file === null) return;
      this.#bytesLeft = this.#file.bytes;
      this.#hash = createHash("sha256");
      this.#sink?.begin(this.#file);
      if (this.#bytesLeft > 0) return;
    }
  }

  #endFile({ path, sha256 }: PackedFile): void {
    if (this.#hash.digest("hex") !== sha256) throw new Error(`the checksum of ${path} differs`);
    this.#sink?.end();
  }
}

function isManifest(json: unknown): json is Manifest {
  if (typeof json !== "object" || json === null || !("cardswitch" in json) || json.cardswitch !== "data set")
    return false;
  if (!("format" in json) || json.format !== 1 || !("data_set" in json) || typeof json.data_set !== "string")
    return false;
  if (!("has_keys" in json) || typeof json.has_keys !== "boolean" || !("files" in json)) return false;
  return Array.isArray(json.files) && json.files.every(isPackedFile);
}

// The paths are somebody else's words: none may lead out of the folder.
function isPackedFile(file: unknown): file is PackedFile {
  if (typeof file !== "object" || file === null || !("path" in file) || !("bytes" in file)) return false;
  if (typeof file.path !== "string" || !knownPath.test(file.path)) return false;
  if (typeof file.bytes !== "number" || !Number.isSafeInteger(file.bytes) || file.bytes < 0) return false;
  return "sha256" in file && typeof file.sha256 === "string";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
