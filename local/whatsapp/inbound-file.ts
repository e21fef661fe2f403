import { isObject, type JsonObject, textAt } from '#domain/json.ts';
import type { MediaStore } from './media-store.ts';

/** A file that a customer sends with a message. */
export interface InboundFile {
  readonly bytes: Buffer;
  readonly mimeType: string;
  /** What the message says of its hash. @default the truth, in base64 as in Meta's webhooks */
  readonly sha256?: string | undefined;
  /** Its id has expired before anybody asks for it. */
  readonly isExpired?: boolean | undefined;
}

/** Meta takes no more of a customer's file; the message then says so in place of an id. */
const MOST_BYTES = 100 * 1024 * 1024;

/** The element with the file in it, as Meta delivers it. */
export function withFile(
  element: JsonObject,
  type: string,
  file: InboundFile,
  { media, phoneNumberId }: { readonly media: MediaStore; readonly phoneNumberId: string },
): JsonObject {
  const said = isObject(element[type]) ? element[type] : {};
  const { bytes, mimeType } = file;
  if (bytes.length > MOST_BYTES) {
    const title = 'Media file size too big';
    return {
      ...element,
      [type]: { mime_type: mimeType, ...said },
      errors: [{ code: 131052, title, message: title, error_data: { details: `${title}.` } }],
    };
  }
  const { isExpired = false } = file;
  const medium = media.receive({ phoneNumberId, mimeType, bytes }, { isExpired });
  const sha256 = file.sha256 ?? medium.sha256.toString('base64');
  return {
    ...element,
    [type]: { id: medium.id, mime_type: textAt(said, 'mime_type') ?? mimeType, sha256, ...said },
  };
}
