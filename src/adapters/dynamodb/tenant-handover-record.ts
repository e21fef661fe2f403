import { isObject, type JsonObject, textAt, valueAt } from '#domain/json.ts';
import {
  DEFAULT_HAND_OVER,
  type HandOverSettings,
  HIGHEST_HAND_OVER,
} from '#domain/tenant/handover-settings.ts';
import type { StoredRecord } from './stored-record.ts';

const LOW_CONFIDENCE = ['off', 'flag', 'hand-over'] as const;
const OUTSIDE_HOURS = ['answer', 'silent'] as const;

/** What was stored before there were hand-overs has the usual ones. @throws StoredRecordError */
export function readTenantHandOver(record: StoredRecord): HandOverSettings {
  return record.required('handOver', readSettings(record.fields['handOver']));
}

function readSettings(value: unknown): HandOverSettings | undefined {
  if (value === undefined) return DEFAULT_HAND_OVER;
  if (!isObject(value)) return undefined;
  const personWords = readWords(valueAt(value, 'personWords'));
  const afterFailures = readCount(value, 'afterFailures', 0);
  const personIdleMinutes = readCount(value, 'personIdleMinutes', 1);
  const waitingMinutes = readCount(value, 'waitingMinutes', 1);
  const { lowConfidence: usual, outsideHours: usually } = DEFAULT_HAND_OVER;
  const low = valueAt(value, 'lowConfidence') ?? usual;
  const outside = valueAt(value, 'outsideHours') ?? usually;
  const lowConfidence = LOW_CONFIDENCE.find((each) => each === low);
  const outsideHours = OUTSIDE_HOURS.find((each) => each === outside);
  if (personWords === 'wrong' || afterFailures === undefined) return undefined;
  if (!personIdleMinutes || !waitingMinutes || !lowConfidence || !outsideHours) return undefined;
  return {
    personWords,
    afterFailures,
    lowConfidence,
    personIdleMinutes,
    waitingMinutes,
    outsideHours,
    personText: textAt(value, 'personText')?.trim() || DEFAULT_HAND_OVER.personText,
    closedText: textAt(value, 'closedText')?.trim() || DEFAULT_HAND_OVER.closedText,
  };
}

function readWords(value: unknown): readonly string[] | undefined | 'wrong' {
  if (value === undefined) return undefined;
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
  return isList ? value : 'wrong';
}

function readCount(
  parent: JsonObject,
  key: keyof typeof HIGHEST_HAND_OVER,
  least: number,
): number | undefined {
  const value = valueAt(parent, key) ?? DEFAULT_HAND_OVER[key];
  const isCount = typeof value === 'number' && Number.isSafeInteger(value);
  return isCount && value >= least && value <= HIGHEST_HAND_OVER[key] ? value : undefined;
}
