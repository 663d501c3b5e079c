import type { AdminParts } from "./admin-routes.ts";

const probeMs = 500;

/** Why requests cannot be decided and remembered right now; empty where they can. */
export async function readiness({ platform, neighbours }: AdminParts): Promise<readonly string[]> {
  const { engine, projector } = platform.books();
  const causes: string[] = [];
  // A Redis that stands still keeps its connection, so only an answer shows that it is there.
  if (!(await answers(engine))) causes.push("Redis does not answer");
  if (projector.failure !== null) causes.push(projector.failure.message);
  const door = neighbours.switch();
  if (door === null) causes.push(...(neighbours.isExpected ? ["the switch is not running"] : []));
  else if (!(await isServing(door))) causes.push("the switch has no Redis");
  return causes;
}

type Engine = ReturnType<AdminParts["platform"]["books"]>["engine"];

function answers({ hot, keyspace, committer }: Engine): Promise<boolean> {
  return new Promise((resolve) => {
    const command = ["HLEN", keyspace.setting()];
    hot.read(keyspace.slot(0), command, committer.now() + probeMs, (reply) => {
      resolve(reply.kind === "ok" && reply.value !== "0");
    });
    hot.flush();
  });
}

async function isServing(door: NonNullable<ReturnType<AdminParts["neighbours"]["switch"]>>): Promise<boolean> {
  try {
    return (await door.state()).isStoreUsable;
  } catch {
    return false;
  }
}
