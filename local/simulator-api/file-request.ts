import { isObject, type JsonObject, valueAt } from '#domain/json.ts';
import type { InboundFile } from '#local/whatsapp/inbound-file.ts';
import { optionalText, optionalWholeNumber, requiredText } from './request-body.ts';
import { RequestError } from './request-error.ts';

/** More than Meta takes, so that this can be tried as well. */
const MOST_BYTES = 110 * 1024 * 1024;

/** The file that comes with a message; `bytes` fills it up to that size. @throws RequestError 400 */
export function readFile(body: JsonObject): InboundFile | undefined {
  const file = valueAt(body, 'file');
  if (file === undefined) return undefined;
  if (!isObject(file))
    throw new RequestError(400, 'file must be an object with content and mime_type');
  const content = Buffer.from(requiredText(file, 'content'), 'base64');
  const size = optionalWholeNumber(file, 'bytes', { min: 1, max: MOST_BYTES }) ?? content.length;
  return {
    bytes: Buffer.concat([content], Math.max(size, content.length)),
    mimeType: requiredText(file, 'mime_type'),
    sha256: optionalText(file, 'sha256'),
    isExpired: file['expired'] === true,
  };
}
