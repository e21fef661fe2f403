import { isObject, type JsonObject, valueAt } from '#domain/json.ts';
import {
  DEFAULT_MEDIA,
  LONGEST_MODEL_ID,
  type MediaSettings,
} from '#domain/tenant/media-settings.ts';
import type { StoredRecord } from './stored-record.ts';

/** What was stored before there were such settings has the defaults. @throws StoredRecordError */
export function readTenantMedia(record: StoredRecord): MediaSettings {
  return record.required('media', readMedia(record.fields['media']));
}

function readMedia(media: unknown): MediaSettings | undefined {
  if (media === undefined) return DEFAULT_MEDIA;
  if (!isObject(media)) return undefined;
  const images = readFlag(media, 'images');
  const audio = readFlag(media, 'audio');
  const documents = readFlag(media, 'documents');
  const model = valueAt(media, 'transcriptionModel');
  const reactions = valueAt(media, 'reactions') ?? DEFAULT_MEDIA.reactions;
  if (images === undefined || audio === undefined || documents === undefined) return undefined;
  if (reactions !== 'recorded' && reactions !== 'answered') return undefined;
  if (model !== undefined && !isModelId(model)) return undefined;
  return { images, audio, documents, transcriptionModel: model, reactions };
}

function readFlag(media: JsonObject, key: 'images' | 'audio' | 'documents'): boolean | undefined {
  const value = valueAt(media, key) ?? DEFAULT_MEDIA[key];
  return typeof value === 'boolean' ? value : undefined;
}

function isModelId(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_MODEL_ID;
}
