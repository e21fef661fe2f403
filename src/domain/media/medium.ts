import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';

const MEDIA_KINDS = ['image', 'sticker', 'audio', 'video', 'document'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** A file that a customer sent, as its message describes it. Nothing of that is proven yet. */
export interface Medium {
  readonly kind: MediaKind;
  /** Meta's id, which lives for seven days; undefined where Meta could not take the file itself. */
  readonly id: string | undefined;
  /** As the sender's app says, without parameters such as `codecs=opus`. */
  readonly mimeType: string | undefined;
  /** Of the file, in base64 or in hexadecimal digits: Meta writes the one in webhooks, the other in its API. */
  readonly sha256: string | undefined;
  readonly fileName: string | undefined;
  readonly isAnimated: boolean;
  /** Meta's code for why there is nothing to fetch, such as 131052 for more than 100 MB. */
  readonly errorCode: number | undefined;
}

const LONGEST_NAME = 120;

/** @returns undefined for a message that is no file */
export function mediumOf({ type, raw }: Pick<InboundMessage, 'type' | 'raw'>): Medium | undefined {
  const kind = MEDIA_KINDS.find((each) => each === type);
  if (!kind) return undefined;
  const media = objectAt(raw, kind) ?? {};
  return {
    kind,
    id: idOf(media),
    mimeType: baseType(textAt(media, 'mime_type')),
    sha256: textAt(media, 'sha256'),
    fileName: textAt(media, 'filename')?.slice(0, LONGEST_NAME),
    isAnimated: media['animated'] === true,
    errorCode: listAt(raw, 'errors')
      .filter(isObject)
      .map((error) => numberAt(error, 'code'))
      .find((code) => code !== undefined),
  };
}

/** It becomes part of an address: whatever is no plain id is none. */
function idOf(media: JsonObject): string | undefined {
  const id = textAt(media, 'id');
  return id && /^[\w.-]{1,128}$/.test(id) ? id : undefined;
}

/** `audio/ogg` of `audio/ogg; codecs=opus`. */
function baseType(mimeType: string | undefined): string | undefined {
  const type = mimeType?.split(';')[0]?.trim().toLowerCase();
  return type && /^[\w.+-]{1,64}\/[\w.+-]{1,96}$/.test(type) ? type : undefined;
}
