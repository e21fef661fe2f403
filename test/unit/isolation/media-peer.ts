import type { MediaStore } from '#app/ports/media-store.ts';
import { isObject, type JsonObject } from '#domain/json.ts';
import { aPng } from '#test/support/files.ts';
import { type Answer, json } from '#test/support/loopback-peer.ts';
import type { Side, Sides } from './sides.ts';
import type { Witness } from './witness.ts';

const FILES = '/files/';

/** Whether a request is for a customer's file, or for where it is. */
export function isForMedia({ method }: { readonly method: string }): boolean {
  return method === 'GET';
}

/** Every id is an image in which its tenant's words stand. */
export function mediaAnswer(
  path: string,
  authorization: string,
  {
    sides,
    witness,
    peerUrl,
  }: { readonly sides: Sides; readonly witness: Witness; readonly peerUrl: string },
): Answer {
  const url = new URL(path, peerUrl);
  const number = url.searchParams.get('phone_number_id') ?? url.pathname.split('/')[2];
  const side = sides.find(({ phoneNumberId }) => phoneNumberId === number);
  if (!side?.tokens.some((token) => authorization === `Bearer ${token}`)) {
    witness.breaches.push(`a file of ${side?.tenant.id} is asked for with another token`);
  }
  if (!side) return json(400, { error: { code: 100, error_subcode: 33 } });
  if (!url.pathname.startsWith(FILES)) {
    return json(200, { url: `${peerUrl}${FILES}${side.phoneNumberId}`, mime_type: 'image/png' });
  }
  witness.count(`file ${side.index}`);
  return (response) => {
    response.writeHead(200, { 'content-type': 'image/png' });
    response.end(aPng(side.canary));
  };
}

/** What a request to the model shows, with its images as what stands in them. */
export function withLegibleImages(body: JsonObject): JsonObject {
  const legible = JSON.stringify(body, (name, value: unknown) =>
    name === 'image_url' && typeof value === 'string'
      ? Buffer.from(value.slice(value.indexOf(',') + 1), 'base64').toString('latin1')
      : value,
  );
  const read: unknown = JSON.parse(legible);
  return isObject(read) ? read : {};
}

/** A store of files under the eyes of the witness. */
export function watchedMedia(store: MediaStore, witness: Witness): MediaStore {
  return {
    put: async (medium) => {
      const kept = await store.put(medium);
      witness.media('put', kept.key, medium.bytes);
      return kept;
    },
    get: async (key) => {
      const bytes = await store.get(key);
      witness.media('get', key, bytes);
      return bytes;
    },
    erase: (place) => store.erase(place),
  };
}

/** Every image is that of the first tenant's that was kept first. */
export function confusedMedia(store: MediaStore, { tenant }: Side): MediaStore {
  let first: string | undefined;
  return {
    put: async (medium) => {
      const kept = await store.put(medium);
      if (medium.tenantId === tenant.id) first ??= kept.key;
      return kept;
    },
    get: (key) => store.get(first ?? key),
    erase: (place) => store.erase(place),
  };
}
