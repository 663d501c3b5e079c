import { type FieldPlan, type PadPlan, body } from "./plan.ts";

/**
 * A value without its filler. Of digits one always stays; padded to an even count, one filler goes and only where the
 * count is even, so that filling up gives the same count again.
 */
export function trimmed(plan: FieldPlan, pad: PadPlan, value: string): string {
  const step = plan.body === body.bytes || plan.body === body.hex ? 2 : 1;
  const first = step === 2 ? "hex:".length : 0;
  const isEven = (value.length - first) % (2 * step) === 0;
  const count = (value.length - first) / step;
  const removableMax = pad.isToEven ? (isEven ? 1 : 0) : count - (plan.mask === digitsMask ? 1 : 0);
  let removed = 0;
  if (pad.isLeft) {
    while (removed < removableMax && isFiller(value, first + removed * step, step, pad.code)) removed++;
    return value.slice(0, first) + value.slice(first + removed * step);
  }
  while (removed < removableMax && isFiller(value, value.length - (removed + 1) * step, step, pad.code)) removed++;
  return value.slice(0, value.length - removed * step);
}

const digitsMask = 1;

function isFiller(value: string, at: number, step: number, code: number): boolean {
  return step === 1 ? value.charCodeAt(at) === code : Number.parseInt(value.slice(at, at + 2), 16) === code;
}

/** A value filled up to the length of its field, or to an even count; a longer one stays as it is and is refused later. */
export function padded(plan: FieldPlan, value: string): string {
  const { pad } = plan;
  if (pad === null) return value;
  const isBytes = value.startsWith("hex:") && (plan.body === body.bytes || plan.body === body.hex);
  const step = isBytes ? 2 : 1;
  const count = isBytes ? (value.length - "hex:".length) / 2 : value.length;
  const missing = pad.isToEven ? count & 1 : plan.min === plan.max ? plan.max - count : 0;
  if (missing <= 0) return value;
  const filler = (step === 1 ? String.fromCharCode(pad.code) : pad.code.toString(16).padStart(2, "0")).repeat(missing);
  if (!pad.isLeft) return value + filler;
  return isBytes ? `hex:${filler}${value.slice("hex:".length)}` : filler + value;
}
