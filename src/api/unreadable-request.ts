import type { Duplex } from "node:stream";

/**
 * Answers what is no request of HTTP, or has headers or a URL that are too long: these come to no route, and those who
 * sent them find an error of the API all the same.
 */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, message] = refusals[error.code ?? ""] ?? unreadable;
  const body = JSON.stringify({ error: { message, type: "invalid_request_error" } });
  const length = Buffer.byteLength(body);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`,
  );
}

type Refusal = readonly [status: string, message: string];

const unreadable: Refusal = ["400 Bad Request", "This is no request of HTTP/1.1."];
const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "The URL and the headers of the request are too long."],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "The request did not arrive in time."],
};
