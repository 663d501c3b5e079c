import { setPriority } from "node:os";
import { openAdminServer } from "../app/admin-server.ts";
import type { AppError } from "../app/app-error.ts";
import type { Neighbours } from "../app/doors.ts";
import { openPlatformRole } from "../app/platform-role.ts";
import type { RolePlace } from "../app/role-place.ts";
import { secureRandom } from "../kernel/random.ts";
import { type Result, ok } from "../kernel/result.ts";
import { demoKey, newKeySecret } from "../resources/api-keys.ts";
import { seedDemo } from "../seed.ts";
import type { Doors, OpenRole } from "./role-process.ts";

/** The platform in a process of its own. */
export async function openPlatform(
  place: RolePlace,
  neighbours: Neighbours,
): Promise<Result<OpenRole & Doors, AppError>> {
  // Where cores are few, a batch of the projector would keep an answer to the network waiting for its turn: what it does
  // has time. Threads that start from now on have the same niceness.
  setPriority(place.config.limits.platformNiceness);
  const isDemo = place.config.seed === "demo";
  const first = isDemo ? demoKey : newKeySecret(secureRandom, false);
  const platform = await openPlatformRole({
    place,
    neighbours,
    keys: { first, ofProcess: null },
    seed: isDemo ? (program) => seedDemo(program, place.dataSet.shardCount) : null,
  });
  if (!platform.ok) return platform;
  const announced = await platform.value.clock.announce();
  if (!announced.ok) place.log.warn(announced.error, "the switch may go by an older clock");
  const admin = await openAdminServer({ place, platform: platform.value, neighbours });
  if (!admin.ok) {
    await platform.value.close();
    return admin;
  }
  return ok({
    info: { ports: {}, adminUrl: admin.value.url, newKey: platform.value.hasNewKey ? first : null },
    door: null,
    platformDoor: {
      answerQuestion: ({ shard, no, deadlineMs }) => platform.value.questions.answer({ shard, no }, deadlineMs),
    },
    close: async () => {
      await admin.value.close();
      await platform.value.close();
    },
  });
}
