import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { type Result, fail, ok } from "../kernel/result.ts";
import type { Link } from "./link.ts";
import type { PeerList } from "./peer-list.ts";
import { Session } from "./session.ts";

/** Where a link's connections come from: a port that listens, or a connection that we keep up. */
export interface Entrance {
  readonly port: number;
  /** No new connections from now on; those that are up stay. */
  stop(): Promise<void>;
}

/** Listens for the connections of a link. The error says why the port cannot be had. */
export function listen(link: Link, peers: PeerList): Promise<Result<Entrance, string>> {
  const { host, port } = link.spec.endpoint;
  const server = createServer({ noDelay: true }, (socket) => admit(link, peers, socket));
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(fail(error.message)));
    server.listen({ host, port }, () => {
      server.removeAllListeners("error");
      server.on("error", (error) => link.parts.log.warn({ link: link.spec.name, cause: error.message }, "listening"));
      resolve(ok({ port: portOf(server), stop: () => stop(server) }));
    });
  });
}

// The peer is looked at before its connection can carry a byte, and gets no word of explanation.
function admit(link: Link, peers: PeerList, socket: Socket): void {
  const address = socket.remoteAddress ?? "";
  if (!peers.admits(address)) {
    link.count("refused_peer");
    link.parts.log.warn({ link: link.spec.name, peer: address }, "a peer that is not on the list was turned away");
    socket.resetAndDestroy();
  } else if (link.sessions.size >= link.spec.limits.connectionsMax) {
    link.count("refused_connection");
    socket.resetAndDestroy();
  } else {
    new Session(link, socket).start();
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return address === null || typeof address === "string" ? 0 : address.port;
}

function stop(server: Server): Promise<void> {
  // The promise is not kept until the last connection has ended, so nobody waits for it here.
  server.close();
  return Promise.resolve();
}
