import { type JsonObject, valueAt } from '#domain/json.ts';
import { GraphError } from './graph-error.ts';
import { invalid, missing, optionalText, requireText } from './parameter-checks.ts';

const MEGABYTE = 1024 * 1024;
const WITHOUT_CAPTION = ['audio', 'sticker'];

export const MEDIA_TYPES = ['image', 'video', 'document', 'audio', 'sticker'];

/** A media object of an outgoing message: exactly one of `id` and `link`. @throws GraphError */
export function checkMedia(type: string, media: JsonObject): void {
  const id = valueAt(media, 'id');
  const link = valueAt(media, 'link');
  if (id === undefined && link === undefined) throw missing(`${type}.id or ${type}.link`);
  if (id !== undefined && link !== undefined) {
    throw invalid(`${type} takes either id or link, not both.`);
  }
  if (id !== undefined) requireText(media, 'id', { path: `${type}.id`, max: 64 });
  else if (!/^https?:\/\//.test(requireText(media, 'link', { path: `${type}.link`, max: 2_048 }))) {
    throw invalid(`${type}.link must start with http:// or https://.`);
  }
  if (WITHOUT_CAPTION.includes(type) && valueAt(media, 'caption') !== undefined) {
    throw invalid(`${type} takes no caption.`);
  }
  optionalText(media, 'caption', { path: `${type}.caption`, max: 1_024 });
}

const UPLOADS: readonly (readonly [mime: RegExp, maxBytes: number])[] = [
  [/^audio\/(aac|amr|mpeg|mp4|ogg)$/, 16 * MEGABYTE],
  [/^image\/(jpeg|png)$/, 5 * MEGABYTE],
  [/^image\/webp$/, 500 * 1024],
  [/^video\/(mp4|3gpp)$/, 16 * MEGABYTE],
  [/^(text|application)\/[\w.+-]+$/, 100 * MEGABYTE],
];

/** Whether Meta takes a file for upload. Source: Cloud API "Supported media types". @throws GraphError */
export function checkUpload(mimeType: string, size: number): void {
  const mime = mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
  const rule = UPLOADS.find(([pattern]) => pattern.test(mime));
  if (!rule) {
    throw new GraphError(100, {
      details: `Param file must be a file of a supported type, not ${mime}.`,
    });
  }
  if (size === 0 || size > rule[1]) {
    throw new GraphError(131053, { details: `File size out of bounds: 1 to ${rule[1]} bytes.` });
  }
}
