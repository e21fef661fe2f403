import { HAND_OVER_CAUSES, type HandOver } from '#domain/conversation/hand-over.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';

const UNTOLD: readonly HandOver['untold'][] = [
  'hand-over.requested',
  'chat.taken',
  'chat.released',
];
const ENDS: readonly HandOver['ended'][] = ['released', 'idled'];

/** The `handOver` attribute of a head; undefined when it does not have its shape. */
export function readHandOver(value: unknown): HandOver | undefined {
  if (!isObject(value)) return undefined;
  const version = numberAt(value, 'version');
  const sinceMs = numberAt(value, 'sinceMs');
  const activeAtMs = numberAt(value, 'activeAtMs');
  const cause = HAND_OVER_CAUSES.find((each) => each === value['cause']);
  if (version === undefined || sinceMs === undefined || activeAtMs === undefined || !cause) {
    return undefined;
  }
  return {
    version,
    sinceMs,
    cause,
    reason: textAt(value, 'reason'),
    summary: textAt(value, 'summary'),
    by: textAt(value, 'by'),
    activeAtMs,
    spoke: readWord(objectAt(value, 'spoke')),
    kept: listAt(value, 'kept').filter((key) => typeof key === 'string'),
    untold: UNTOLD.find((each) => each === value['untold']),
    done: textAt(value, 'done'),
    releasedAtMs: numberAt(value, 'releasedAtMs'),
    ended: ENDS.find((each) => each === value['ended']),
  };
}

function readWord(value: JsonObject | undefined): HandOver['spoke'] {
  const atMs = value && numberAt(value, 'atMs');
  const acceptedAtMs = value && numberAt(value, 'acceptedAtMs');
  return atMs === undefined || acceptedAtMs === undefined ? undefined : { atMs, acceptedAtMs };
}
