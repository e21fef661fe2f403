import { createHash } from 'node:crypto';
import { type JsonObject, textAt, valueAt } from '#domain/json.ts';
import { contentTypeOf } from '#domain/media/content-type.ts';

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
const DETAILS: readonly unknown[] = ['auto', 'low', 'high', 'original', undefined];

/**
 * What a model without eyes says of an image: the same for the same bytes.
 * @returns `complaint` for what OpenAI would refuse
 */
export function describeImage(
  part: JsonObject,
): { readonly text: string } | { readonly complaint: string } {
  if (!DETAILS.includes(valueAt(part, 'detail'))) {
    return { complaint: "'detail' must be auto, low, high or original" };
  }
  const url = textAt(part, 'image_url') ?? '';
  // Images elsewhere are nothing that this model could fetch.
  const [, type = '', content = ''] = /^data:([\w/+.-]+);base64,([\w+/=]+)$/.exec(url) ?? [];
  const bytes = Buffer.from(content, 'base64');
  if (!TYPES.includes(type) || contentTypeOf(bytes) !== type) {
    return { complaint: 'expected a base64-encoded data URL with an image' };
  }
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  return { text: ` [${type} of ${bytes.length} bytes, ${digest}]` };
}
