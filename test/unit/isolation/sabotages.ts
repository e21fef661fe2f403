import { readEnvelopeBody, writeEnvelopeBody } from '#adapters/sqs/envelope-body.ts';
import { readCallbackData } from '#domain/conversation/callback-data.ts';
import { chatKey } from '#domain/ids.ts';
import { isObject } from '#domain/json.ts';
import { confusedMedia } from './media-peer.ts';
import type { Sabotage } from './shared-process.ts';
import { callerOf, type Sides } from './sides.ts';

/** Walls between tenants, each taken out in turn, and by which words that must come to light. */
export const SABOTAGES: readonly {
  readonly name: string;
  readonly sabotage: (sides: Sides) => Sabotage;
  readonly notices: RegExp;
}[] = [
  {
    name: 'a chat is read by its contact alone',
    sabotage: ([first]) => ({
      store: (store) =>
        new Proxy(store, {
          get: (target, key) => {
            if (key === 'readRecent') {
              const { phoneNumberId } = first;
              return (chat: object, wanted: never) =>
                store.readRecent({ ...chat, phoneNumberId } as never, wanted);
            }
            const member: unknown = Reflect.get(target, key);
            return typeof member === 'function' ? member.bind(target) : member;
          },
        }),
    }),
    notices: /^a prompt of .* holds words of /,
  },
  {
    name: 'whoever may call for one tenant may call for any',
    sabotage: (sides) => ({
      businessApi: (tenants) => ({
        findByPhoneNumber: async (number) => {
          const found = await tenants.findByPhoneNumber(number);
          const callers = sides.map(({ index }) => callerOf(index));
          return typeof found === 'object' ? { ...found, api: { callers } } : found;
        },
      }),
    }),
    notices: /^a door of .* is open$/,
  },
  {
    name: 'a token is remembered for all tenants',
    sabotage: ([first]) => ({
      secrets: (secrets) => ({
        platform: () => secrets.platform(),
        refreshPlatform: () => secrets.refreshPlatform(),
        tenant: () => secrets.tenant(first.tenant.id),
        refreshTenant: () => secrets.refreshTenant(first.tenant.id),
      }),
    }),
    notices: /^a call for .* with another token$/,
  },
  {
    name: 'a tenant is remembered for all numbers',
    sabotage: ([first]) => ({
      tenants: (tenants) => ({
        findByPhoneNumber: () => tenants.findByPhoneNumber(first.phoneNumberId),
      }),
    }),
    notices: /^a prompt of .* holds words of /,
  },
  {
    name: 'a file is kept under the name of another',
    sabotage: ([first]) => ({ media: (media) => confusedMedia(media, first) }),
    notices: /^(?:get of a file|a prompt) of .* holds words of /,
  },
  {
    name: 'a status is believed whatever number it came for',
    sabotage: () => ({ envelope: ofTheNumberThatItNames }),
    notices: /^UpdateItem of CHAT#.* holds words of /,
  },
  {
    name: 'a line names its chat in the clear',
    sabotage: () => ({
      pseudonyms: {
        ofChat: (chat) => chatKey(chat),
        ofMessage: (key) => key,
        ofWamid: (wamid) => wamid,
      },
    }),
    notices: /holds what is never logged$/,
  },
];

function ofTheNumberThatItNames(body: string): string {
  const envelope = readEnvelopeBody(body);
  if (envelope === 'malformed' || !isObject(envelope.payload)) return body;
  const reference = readCallbackData(envelope.payload['biz_opaque_callback_data']);
  return reference
    ? writeEnvelopeBody({ ...envelope, phoneNumberId: reference.chat.phoneNumberId })
    : body;
}
