import { operations } from "../../../specs/api/operations.ts";
import { partialOperations } from "../../../specs/api/partial.ts";
import type { Method, Route } from "../route.ts";

/** How much of an operation is served. */
export type Support = "supported" | "partial" | "absent";

export interface ParityRow {
  /** The SDK's name: issuing.cards.create; null: the SDK has none, `rawRequest` reaches it. */
  readonly operation: string | null;
  readonly method: Method;
  readonly path: string;
  readonly support: Support;
  /** What is left out, where it is served in part. */
  readonly note: string | null;
}

/** Every operation of the SDK that a card program meets, and beside them what is served beyond it. */
export function parityOf(routes: readonly Route[]): readonly ParityRow[] {
  const served = new Map(routes.map((route) => [route.operation, route]));
  const known = operations.map(({ name, method, path }): ParityRow => {
    const route = served.get(name);
    const note = partialOperations[name] ?? null;
    if (route === undefined) return { operation: name, method, path, support: "absent", note: null };
    return { operation: name, method, path: route.path, support: note === null ? "supported" : "partial", note };
  });
  const beyond = routes
    .filter(({ operation }) => operation === null)
    .map(({ method, path }): ParityRow => ({ operation: null, method, path, support: "supported", note: null }));
  return [...known, ...beyond];
}

/** Routes that the SDK would not find: no such operation, or another method or path than it asks for. One line each. */
export function strayRoutes(routes: readonly Route[]): readonly string[] {
  const known = new Map<string, (typeof operations)[number]>(
    operations.map((operation) => [operation.name, operation]),
  );
  return routes.flatMap(({ operation, method, path }) => {
    if (operation === null) return [];
    const wanted = known.get(operation);
    if (wanted === undefined) return [`${operation}: the SDK has no such operation`];
    if (wanted.method === method && shapeOf(wanted.path) === shapeOf(path)) return [];
    return [`${operation}: ${method} ${path}, where the SDK asks for ${wanted.method} ${wanted.path}`];
  });
}

/** /v1/issuing/cards/{card} → /v1/issuing/cards/{}: what a parameter of the path is called is ours to say. */
function shapeOf(path: string): string {
  return path
    .split("/")
    .map((part) => (part.startsWith("{") ? "{}" : part))
    .join("/");
}
