import type { Branch } from "./change.ts";
import { EncodeError } from "./faults.ts";
import type { Message } from "./message.ts";
import { type Step, routeOf } from "./route.ts";

/**
 * Sets every path of a JSON object: all parts of a field in one change, since each change writes the field anew. Fields
 * whose layout depends on others come last.
 */
export function setAll(message: Message, json: Readonly<Record<string, string>>): void {
  const roots = new Map<number, Branch>();
  for (const path in json) {
    const value = json[path];
    if (path === "0" || value === undefined) continue;
    if (path === "header") {
      message.set(path, value);
      continue;
    }
    const route = routeOf(message.plan, path);
    if (route === null) throw new EncodeError("path_undefined", path, "a field of the dialect");
    let root = roots.get(route.number);
    if (root === undefined) {
      root = { step: null, value: undefined, branches: [] };
      roots.set(route.number, root);
    }
    leafOf(root, route.steps, path).value = value;
  }
  for (const [number, branch] of roots) if (!dependsOnOthers(message, number)) message.apply(number, branch);
  for (const [number, branch] of roots) if (dependsOnOthers(message, number)) message.apply(number, branch);
}

function dependsOnOthers({ plan }: Message, number: number): boolean {
  return plan.hasConditions && plan.fields[number] !== undefined && plan.fields[number].variants !== null;
}

/** The branch at the end of the steps. A value of a composite and values of its parts cannot both be what is meant. */
function leafOf(root: Branch, steps: readonly Step[], path: string): Branch {
  let branch = root;
  for (const step of steps) {
    if (branch.value !== undefined) throw new EncodeError("path_undefined", path, "either a composite or its parts");
    let next = branch.branches.find((one) => one.step?.key === step.key && one.step.occurrence === step.occurrence);
    if (next === undefined) {
      next = { step, value: undefined, branches: [] };
      branch.branches.push(next);
    }
    branch = next;
  }
  if (branch.branches.length > 0) throw new EncodeError("path_undefined", path, "either a composite or its parts");
  return branch;
}
