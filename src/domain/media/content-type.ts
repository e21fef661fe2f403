import type { MediaKind } from './medium.ts';

/** What a file is by its own bytes, as far as that matters here. */
export const CONTENT_TYPES = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'audio/ogg',
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/amr',
  'audio/wav',
  'audio/flac',
  'video/mp4',
  'video/3gpp',
  'video/webm',
  'application/pdf',
  'application/zip',
  'text/plain',
  'application/octet-stream',
] as const;
export type ContentType = (typeof CONTENT_TYPES)[number];

/** First bytes, in latin letters, at an offset. */
const SIGNATURES: readonly (readonly [type: ContentType, offset: number, bytes: string])[] = [
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['audio/wav', 8, 'WAVE'],
  ['audio/ogg', 0, 'OggS'],
  ['audio/amr', 0, '#!AMR'],
  ['audio/flac', 0, 'fLaC'],
  ['audio/mpeg', 0, 'ID3'],
  ['video/webm', 0, '\x1a\x45\xdf\xa3'],
  ['application/zip', 0, 'PK\x03\x04'],
];

/** A PDF may have some bytes before its first line. */
const PDF_WITHIN_BYTES = 1_024;
const TEXT_LOOKED_AT_BYTES = 65_536;

/** The type that the bytes themselves show, whatever a name or a sender says. */
export function contentTypeOf(bytes: Uint8Array): ContentType {
  const head = latin(bytes.subarray(0, PDF_WITHIN_BYTES));
  const known = SIGNATURES.find(([, offset, text]) => head.startsWith(text, offset));
  if (known) return known[0];
  if (head.startsWith('ftyp', 4)) return typeOfBox(head.slice(8, 12));
  if (head.includes('%PDF-')) return 'application/pdf';
  return typeOfFrame(bytes) ?? (isText(bytes) ? 'text/plain' : 'application/octet-stream');
}

/** The brand of an ISO media file; many phones record sound in one that is named as for video. */
function typeOfBox(brand: string): ContentType {
  if (brand.startsWith('M4A') || brand.startsWith('M4B')) return 'audio/mp4';
  return brand.startsWith('3g') ? 'video/3gpp' : 'video/mp4';
}

/** Frames of sound begin with eleven or twelve ones; the layer tells MPEG audio from AAC. */
function typeOfFrame([first = 0, second = 0]: Uint8Array): ContentType | undefined {
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  if ((second & 0xf6) === 0xf0) return 'audio/aac';
  return (second & 0x06) === 0 ? undefined : 'audio/mpeg';
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  const part = bytes.subarray(0, TEXT_LOOKED_AT_BYTES);
  // Cut anywhere, the last character may be half of one.
  const isCut = part.length < bytes.length;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(part, { stream: isCut });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what no text has is looked for
    return !/[\u0000-\u0008\u000e-\u001a]/.test(text);
  } catch {
    return false;
  }
}

function latin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** As what each kind of message may be read; an ISO file of sound is one, whatever its brand. */
const READABLE: Readonly<Record<MediaKind, readonly ContentType[]>> = {
  image: ['image/jpeg', 'image/png', 'image/webp'],
  sticker: ['image/webp', 'image/png'],
  audio: [
    'audio/ogg',
    'audio/mpeg',
    'audio/mp4',
    'audio/aac',
    'audio/amr',
    'audio/wav',
    'audio/flac',
    'video/mp4',
    'video/3gpp',
  ],
  video: [],
  document: ['application/pdf', 'text/plain', 'image/jpeg', 'image/png', 'image/webp'],
};

/** Whether a message of this kind with this content can be read at all. */
export function isReadable(kind: MediaKind, type: ContentType): boolean {
  return READABLE[kind].includes(type);
}

export function isImage(type: ContentType): boolean {
  return type === 'image/jpeg' || type === 'image/png' || type === 'image/webp';
}

/** What the transcription tells files by: their ending. */
export function soundFileName(type: ContentType): string | undefined {
  const ending = ENDINGS[type];
  return ending && `voice.${ending}`;
}

/** Of https://developers.openai.com/api/docs/guides/speech-to-text: AMR and bare AAC are not among them. */
const ENDINGS: { readonly [Type in ContentType]?: string } = {
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'video/mp4': 'mp4',
  'video/3gpp': 'mp4',
};
