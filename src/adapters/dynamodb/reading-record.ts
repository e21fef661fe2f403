import { isObject, type JsonObject, numberAt, objectAt, textAt } from '#domain/json.ts';
import { CONTENT_TYPES } from '#domain/media/content-type.ts';
import { type KeptObject, type MediaReading, UNREAD_REASONS } from '#domain/media/reading.ts';

/** Bytes of UTF-8 that it may take of an item: a payload takes up to 300,000 of its 409,600. */
const MOST_TEXT_CHARACTERS = 24_000;

/** What became of a message's file, as an attribute of the message. */
export function writeReading(reading: MediaReading): Record<string, unknown> {
  return reading.kind === 'text'
    ? { ...reading, text: reading.text.slice(0, MOST_TEXT_CHARACTERS).toWellFormed() }
    : { ...reading };
}

/** @returns undefined for what is none, also for one of a later release: it is fetched and read again */
export function readReading(value: unknown): MediaReading | undefined {
  if (!isObject(value)) return undefined;
  const object = readObject(objectAt(value, 'object'));
  if (value['kind'] === 'unread') {
    const why = UNREAD_REASONS.find((each) => each === value['why']);
    return why && { kind: 'unread', object, why };
  }
  return object && readOf(object, value);
}

function readOf(object: KeptObject, value: JsonObject): MediaReading | undefined {
  switch (value['kind']) {
    case 'begun':
      return { kind: 'begun', object, tries: numberAt(value, 'tries') ?? 1 };
    case 'image':
      return { kind: 'image', object };
    case 'text': {
      const text = textAt(value, 'text') ?? '';
      return { kind: 'text', object, text, isCut: value['isCut'] === true };
    }
    default:
      return undefined;
  }
}

function readObject(value: JsonObject | undefined): KeptObject | undefined {
  const key = value && textAt(value, 'key');
  const type = CONTENT_TYPES.find((each) => each === value?.['type']);
  const bytes = value && numberAt(value, 'bytes');
  return key && type && bytes !== undefined ? { key, type, bytes } : undefined;
}
