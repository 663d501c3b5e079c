import { connect } from "node:net";

export type PingAnswer = "pong" | "loading" | "silent";

const pingMsMax = 1_000;

/** One PING over a unix socket: "loading" while Redis reads its files, "silent" where nobody answers. */
export function ping(socketPath: string): Promise<PingAnswer> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    let reply = "";
    const end = (answer: PingAnswer): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(pingMsMax, () => end("silent"));
    socket.on("error", () => end("silent"));
    socket.on("close", () => resolve("silent"));
    socket.on("connect", () => socket.write("PING\r\n"));
    socket.on("data", (bytes: Buffer) => {
      reply += bytes.toString("latin1");
      if (!reply.endsWith("\r\n")) return;
      if (reply.startsWith("+PONG")) end("pong");
      else end(reply.startsWith("-LOADING") ? "loading" : "silent");
    });
  });
}
