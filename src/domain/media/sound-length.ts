import type { ContentType } from './content-type.ts';

/** Bytes of a second at the lowest rate that a format is used with: nothing lasts longer than this says. */
const LEAST_BYTES_A_SECOND: { readonly [Type in ContentType]?: number } = {
  'audio/ogg': 500,
  'audio/wav': 8_000,
  'audio/flac': 8_000,
};
const LEAST_BYTES_OTHERWISE = 1_000;
/** Of what WhatsApp carries nothing has more: a header that says less is wrong. */
const MOST_BYTES_A_SECOND = 48_000;

const OPUS_HERTZ = 48_000;

/** The longest that a recording can last, in seconds: what it says itself, else by its size. */
export function soundSecondsAtMost(bytes: Uint8Array, type: ContentType): number {
  const bySize = bytes.length / (LEAST_BYTES_A_SECOND[type] ?? LEAST_BYTES_OTHERWISE);
  const said = secondsSaid(bytes, type);
  if (said === undefined) return Math.ceil(bySize);
  const least = bytes.length / MOST_BYTES_A_SECOND;
  return Math.ceil(Math.max(Math.min(said, bySize), least));
}

function secondsSaid(bytes: Uint8Array, type: ContentType): number | undefined {
  switch (type) {
    case 'audio/ogg':
      return oggSeconds(bytes);
    case 'audio/mp4':
    case 'video/mp4':
    case 'video/3gpp':
      return boxSeconds(bytes);
    default:
      return undefined;
  }
}

/** The last page says how many samples there are; Opus always counts 48,000 a second. */
function oggSeconds(bytes: Uint8Array): number | undefined {
  const at = lastIndexOf(bytes, 'OggS');
  if (at < 0 || at + 14 > bytes.length) return undefined;
  const samples = viewOf(bytes).getBigUint64(at + 6, true);
  return samples > 0n && samples < 1n << 48n ? Number(samples) / OPUS_HERTZ : undefined;
}

/** The box `mvhd` of an ISO media file: time scale and duration. */
function boxSeconds(bytes: Uint8Array): number | undefined {
  const at = lastIndexOf(bytes, 'mvhd');
  if (at < 0 || at + 36 > bytes.length) return undefined;
  const view = viewOf(bytes);
  const isLong = view.getUint8(at + 4) === 1;
  const scale = view.getUint32(at + (isLong ? 24 : 16));
  const duration = isLong ? Number(view.getBigUint64(at + 28)) : view.getUint32(at + 20);
  return scale > 0 && duration > 0 ? duration / scale : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function lastIndexOf(bytes: Uint8Array, word: string): number {
  const wanted = Array.from(word, (letter) => letter.charCodeAt(0));
  for (let at = bytes.length - wanted.length; at >= 0; at -= 1) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
