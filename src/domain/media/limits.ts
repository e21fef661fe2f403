import type { MediaKind } from './medium.ts';

const MEGABYTE = 1024 * 1024;

/**
 * What is fetched of each kind at most. Meta's own limits for what WhatsApp shows as such, but for
 * documents, which may have 100 MB: a function has half a gigabyte for all chats that it works at once.
 */
export const MOST_BYTES: Readonly<Record<MediaKind, number>> = {
  image: 5 * MEGABYTE,
  sticker: 500 * 1024,
  audio: 16 * MEGABYTE,
  video: 16 * MEGABYTE,
  document: 16 * MEGABYTE,
};

/** A longer recording is kept and not listened to: it is no voice note, and takes a turn's time. */
export const MOST_SOUND_SECONDS = 15 * 60;

/** Of what is said in a recording, or stands in a document, in UTF-16 units: an item has 400 KB. */
export const MOST_TEXT_CHARACTERS = 20_000;

export const MOST_PDF_PAGES = 30;

/**
 * Of files that all chats of a process hold at once. Each is there some three times: as it came, whole, and
 * on its way to the bucket or to whoever reads it.
 */
export const MOST_BYTES_AT_ONCE = 48 * MEGABYTE;

/** A PDF is read by itself: whatever it unpacks to has to fit beside the rest. */
export const ROOM_OF_A_DOCUMENT = 25 * MEGABYTE;

/** An image travels in base64 in JSON, and so is there some five times. */
export const ROOM_OF_AN_IMAGE_BYTE = 2;
