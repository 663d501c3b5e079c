import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { type Server as TlsServer, createServer as createTlsServer } from "node:tls";
import { type Result, fail, ok } from "../kernel/result.ts";
import type { Credentials } from "./credentials.ts";
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
export function listen(
  link: Link,
  peers: PeerList,
  credentials: Credentials | null,
): Promise<Result<Entrance, string>> {
  const { host, port } = link.spec.endpoint;
  const handshakes = credentials === null ? null : new Handshakes(link, credentials);
  // A peer that has said all it had to say still waits for our answers.
  const options = { noDelay: true, allowHalfOpen: true };
  const server = createServer(options, (socket) => admit(link, peers, socket, handshakes));
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(fail(error.message)));
    server.listen({ host, port }, () => {
      server.removeAllListeners("error");
      server.on("error", (error) => link.parts.log.warn({ link: link.spec.name, cause: error.message }, "listening"));
      resolve(ok({ port: portOf(server), stop: () => stop(server, handshakes) }));
    });
  });
}

// The peer is looked at before its connection can carry a byte, and gets no word of explanation.
function admit(link: Link, peers: PeerList, socket: Socket, handshakes: Handshakes | null): void {
  const { turnstile, log, clock } = link.parts;
  const { limits, name } = link.spec;
  const address = socket.remoteAddress ?? "";
  if (!peers.admits(address)) {
    link.count("refused_peer");
    log.warn({ link: name, peer: address }, "a peer that is not on the list was turned away");
    return void socket.resetAndDestroy();
  }
  const mayEnter =
    turnstile.admits(socket, address, limits) &&
    (handshakes === null || turnstile.admitsHandshake(address, clock.monotonicNow(), limits));
  if (!mayEnter) {
    link.count("refused_connection");
    socket.resetAndDestroy();
  } else if (handshakes === null) {
    new Session(link, socket).start();
  } else {
    handshakes.begin(socket);
  }
}

/** Connections that were admitted and have not shown yet who they are. */
class Handshakes {
  readonly #server: TlsServer;
  /** By address and port of the peer. */
  readonly #open = new Map<string, Socket>();

  constructor(link: Link, credentials: Credentials) {
    const asksForCertificate = credentials.ca !== undefined;
    this.#server = createTlsServer(
      {
        ...credentials,
        requestCert: asksForCertificate,
        rejectUnauthorized: asksForCertificate,
        handshakeTimeout: link.spec.limits.handshakeMs,
        allowHalfOpen: true,
      },
      (socket) => {
        this.#open.delete(peerOf(socket));
        new Session(link, socket).start();
      },
    );
    this.#server.on("tlsClientError", (error, socket) => {
      link.count("handshake_failed");
      link.parts.log.warn({ link: link.spec.name, peer: socket.remoteAddress, cause: error.message }, "no TLS");
      socket.destroy();
    });
  }

  begin(socket: Socket): void {
    const peer = peerOf(socket);
    this.#open.set(peer, socket);
    socket.once("close", () => this.#open.delete(peer));
    this.#server.emit("connection", socket);
  }

  stop(): void {
    for (const socket of this.#open.values()) socket.destroy();
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ""} ${remotePort ?? 0}`;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return address === null || typeof address === "string" ? 0 : address.port;
}

function stop(server: Server, handshakes: Handshakes | null): Promise<void> {
  handshakes?.stop();
  // The promise is not kept until the last connection has ended, so nobody waits for it here.
  server.close();
  return Promise.resolve();
}
