import type { Socket } from "node:net";

const lineBytesMax = 64 * 1024 * 1024;

/** One JSON value a line, both ways. A line that is no JSON, or never ends, ends the connection. */
export function readLines(socket: Socket, onValue: (value: unknown) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > lineBytesMax) {
      socket.destroy();
      return;
    }
    for (const line of lines) {
      const value = parse(line);
      if (value === undefined) socket.destroy();
      else onValue(value);
    }
  });
}

export function writeLine(socket: Socket, value: unknown): void {
  if (socket.writable) socket.write(`${JSON.stringify(value)}\n`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
