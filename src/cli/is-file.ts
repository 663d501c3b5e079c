import { statSync } from "node:fs";

/** Whether something readable as a file lies there: a folder has no content. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
