import { type Branch, noBranches } from "./change.ts";
import { EncodeError } from "./faults.ts";
import type { Message } from "./message.ts";
import { Ground, isPlain, plainBytesMax, writePlain } from "./plain.ts";
import type { FieldPlan } from "./plan.ts";
import { type Route, type Step, routeOf } from "./route.ts";

/** What a part mostly has besides its value: a tag and a length, or its share of a bitmap. A field that finds no room has its own. */
const partBytesMax = 6;

/**
 * Sets every path of a JSON object in a message that has no field yet: all plain fields side by side in one run of bytes,
 * and all parts of a field in one change, since each change writes the field anew. Fields whose layout depends on others
 * come last.
 */
export function setAll(message: Message, json: Readonly<Record<string, string>>): void {
  const plain: FieldPlan[] = [];
  const values: string[] = [];
  const roots = new Map<number, Branch>();
  const { plan } = message;
  let bytesMax = 0;
  for (const path in json) {
    const value = json[path];
    if (path === "0" || value === undefined) continue;
    if (path === "header") {
      message.set(path, value);
      continue;
    }
    const route = routeOf(plan, path);
    const field = route === null ? undefined : plan.fields[route.number];
    if (route === null || field === undefined) throw new EncodeError("path_undefined", path, "a field of the dialect");
    if (route.steps.length === 0 && isPlain(field)) {
      plain.push(field);
      values.push(value);
      bytesMax += plainBytesMax(field, value);
      continue;
    }
    addBranch(roots, route, path, value);
    bytesMax += partBytesMax + (value.startsWith("hex:") ? value.length >> 1 : value.length);
  }
  const ground = new Ground(bytesMax);
  for (let i = 0; i < plain.length; i++) setPlain(message, ground, plain[i], values[i]);
  for (const [number, branch] of roots) if (!dependsOnOthers(message, number)) message.apply(number, branch, ground);
  for (const [number, branch] of roots) if (dependsOnOthers(message, number)) message.apply(number, branch);
}

function setPlain(message: Message, ground: Ground, field: FieldPlan | undefined, value: string | undefined): void {
  if (field !== undefined && value !== undefined) message.elements[field.number] = writePlain(ground, field, value);
}

function addBranch(roots: Map<number, Branch>, { number, steps }: Route, path: string, value: string): void {
  let root = roots.get(number);
  if (root === undefined) {
    root = { step: null, value: undefined, branches: noBranches };
    roots.set(number, root);
  }
  leafOf(root, steps, path).value = value;
}

function dependsOnOthers({ plan }: Message, number: number): boolean {
  return plan.hasConditions && plan.fields[number] !== undefined && plan.fields[number].variants !== null;
}

/** The branch at the end of the steps. A value of a composite and values of its parts cannot both be what is meant. */
function leafOf(root: Branch, steps: readonly Step[], path: string): Branch {
  let branch = root;
  for (const step of steps) {
    if (branch.value !== undefined) throw new EncodeError("path_undefined", path, "either a composite or its parts");
    branch = childOf(branch, step);
  }
  if (branch.branches.length > 0) throw new EncodeError("path_undefined", path, "either a composite or its parts");
  return branch;
}

function childOf(parent: Branch, step: Step): Branch {
  const { branches } = parent;
  for (let i = branches.length - 1; i >= 0; i--) {
    const one = branches[i];
    if (one?.step?.key === step.key && one.step.occurrence === step.occurrence) return one;
  }
  const child: Branch = { step, value: undefined, branches: noBranches };
  if (branches === noBranches) parent.branches = [child];
  else branches.push(child);
  return child;
}
