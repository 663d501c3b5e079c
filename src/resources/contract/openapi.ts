import type { ObjectSchema, ParamSchema } from "../../../specs/api/schema.ts";
import { apiVersion } from "../../../specs/api-version.ts";
import type { Route } from "../route.ts";
import { parityOf } from "./parity.ts";

/** The API as an OpenAPI 3.1 document, made from its routes and their schemas. */
export function openapi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  const notes = new Map(parityOf(routes).map(({ method, path, note }) => [`${method} ${path}`, note]));
  for (const route of routes) {
    const item = (paths[route.path] ??= {});
    item[route.method.toLowerCase()] = operationOf(route, notes.get(`${route.method} ${route.path}`) ?? null);
  }
  return {
    openapi: "3.1.0",
    info: { title: "cardswitch", version: apiVersion },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }, { basic: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" }, basic: { type: "http", scheme: "basic" } },
      responses: { refused: { description: "Refused.", content: json(errorSchema) } },
      parameters: { account: header("Stripe-Account"), idempotency: header("Idempotency-Key") },
    },
  };
}

const errorSchema = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        type: { type: "string" },
        code: { type: "string" },
        message: { type: "string" },
        param: { type: "string" },
      },
      required: ["type", "message"],
    },
  },
  required: ["error"],
} as const;

function operationOf(route: Route, note: string | null): object {
  const hasBody = route.method === "POST";
  const headers = hasBody ? ["account", "idempotency"] : ["account"];
  return {
    operationId: route.operation ?? nameOf(route),
    tags: [route.scope.slice(0, route.scope.indexOf(":"))],
    ...(note === null ? {} : { description: note }),
    parameters: [
      ...namesInPath(route.path).map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...headers.map((name) => ({ $ref: `#/components/parameters/${name}` })),
      ...(hasBody ? [] : queryOf(route.params)),
    ],
    ...(hasBody ? { requestBody: bodyOf(route.params) } : {}),
    responses: {
      200: { description: "Done.", content: json({ type: "object" }) },
      default: { $ref: "#/components/responses/refused" },
    },
  };
}

/** Of an operation that the SDK does not name: its method and path in one word. */
function nameOf({ method, path }: Route): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== "v1");
  return [method.toLowerCase(), ...parts.map((part) => part.replace("{", "").replace("}", ""))].join("_");
}

function namesInPath(path: string): readonly string[] {
  return path.split("/").flatMap((part) => (part.startsWith("{") ? [part.slice(1, -1)] : []));
}

function queryOf({ properties, required }: ObjectSchema): readonly object[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(isStructured(schema) ? { style: "deepObject", explode: true } : {}),
    schema,
  }));
}

function isStructured(schema: ParamSchema): boolean {
  if ("anyOf" in schema) return schema.anyOf.some(isStructured);
  return schema.type === "array" || schema.type === "object";
}

function bodyOf(schema: ObjectSchema): object {
  const isUpload = Object.values(schema.properties).some(
    (property) => "format" in property && property.format === "binary",
  );
  const media = isUpload ? "multipart/form-data" : "application/x-www-form-urlencoded";
  const structured = Object.entries(schema.properties).filter(([, property]) => isStructured(property));
  const encoding = Object.fromEntries(structured.map(([name]) => [name, { style: "deepObject", explode: true }]));
  return { required: schema.required.length > 0, content: { [media]: { schema, encoding } } };
}

function json(schema: object): object {
  return { "application/json": { schema } };
}

function header(name: string): object {
  return { name, in: "header", required: false, schema: { type: "string" } };
}
