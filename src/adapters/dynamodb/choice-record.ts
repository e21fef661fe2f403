import type { Choice } from '#domain/conversation/choice.ts';
import { isObject, numberAt } from '#domain/json.ts';

const KINDS: readonly Choice['kind'][] = ['stopped', 'resumed'];

/** Undefined where there is none that can be read. */
export function readChoice(value: unknown): Choice | undefined {
  if (!isObject(value)) return undefined;
  const kind = KINDS.find((each) => each === value['kind']);
  const atMs = numberAt(value, 'atMs');
  return kind === undefined || atMs === undefined ? undefined : { kind, atMs };
}
