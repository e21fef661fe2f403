import { GraphError } from './graph-error.ts';
import type { NewMedium } from './media-store.ts';

/** Reads the multipart form of `POST /media`. @throws GraphError 100 for what is missing */
export async function readUpload(
  contentType: string | undefined,
  body: Buffer,
): Promise<Pick<NewMedium, 'bytes' | 'mimeType'>> {
  const form = await parseForm(contentType, body);
  if (form?.get('messaging_product') !== 'whatsapp') throw required('messaging_product');
  const file = form.get('file');
  if (!(file instanceof File)) throw required('file');
  const type = form.get('type');
  const mimeType = typeof type === 'string' && type !== '' ? type : file.type;
  return { bytes: Buffer.from(await file.arrayBuffer()), mimeType };
}

function required(name: string): GraphError {
  return new GraphError(100, { message: `(#100) The parameter ${name} is required.` });
}

async function parseForm(
  contentType: string | undefined,
  body: Buffer,
): Promise<FormData | undefined> {
  if (!contentType?.startsWith('multipart/form-data')) return undefined;
  const bytes = new Uint8Array(body);
  const response = new Response(bytes, { headers: { 'content-type': contentType } });
  return response.formData().catch(() => undefined);
}
