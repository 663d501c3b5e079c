import { type ApiServer, openApi } from "../api/api-server.ts";
import { renderers } from "../resources/renderers.ts";
import { routes } from "../resources/routes.ts";
import { apiHashKey } from "./api-books.ts";
import type { PlatformRole } from "./platform-role.ts";
import { type RolePlace, randomOf } from "./role-place.ts";

/** The API of everything that a platform keeps. */
export function openApiOf(place: RolePlace, platform: PlatformRole): Promise<ApiServer> {
  const { clock, config, dataSet, log } = place;
  const { limits } = config;
  return openApi({
    routes,
    renderers,
    books: () => platform.api(),
    isOpen: () => platform.isOpen(),
    hashKey: apiHashKey(dataSet.keys),
    limits: {
      formBytesMax: limits.apiFormBytesMax,
      fileBytesMax: limits.apiFileBytesMax,
      formDepthMax: limits.apiFormDepthMax,
      formParametersMax: limits.apiFormParametersMax,
      readWaitMs: limits.apiReadWaitMs,
      idempotencyKeepMs: limits.apiIdempotencyKeepMs,
      requestsPerSecondMax: limits.apiRequestsPerSecondMax,
    },
    random: randomOf({ ...config, rngSeed: null }, "platform"),
    clock,
    log,
  });
}
