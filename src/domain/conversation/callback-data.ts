import { type Chat, parseChatKey, parseTurnId, type TurnId } from '#domain/ids.ts';

/** Which bubble a status webhook speaks of. */
export interface PartReference {
  readonly chat: Chat;
  readonly turnId: TurnId;
  readonly part: number;
}

const PREFIX = 'concierge/1';

/** `biz_opaque_callback_data` of a send: Meta returns it in every status of that message (≤ 512 characters). */
export function writeCallbackData({ chat, turnId, part }: PartReference): string {
  return `${PREFIX} ${chat.phoneNumberId}#${chat.contact} ${turnId} ${part}`;
}

/** @returns undefined for whatever this concierge did not write */
export function readCallbackData(text: unknown): PartReference | undefined {
  if (typeof text !== 'string') return undefined;
  const [prefix, key = '', turn, part = '', ...rest] = text.split(' ');
  const chat = parseChatKey(key);
  const turnId = parseTurnId(turn);
  if (prefix !== PREFIX || !chat || !turnId || !/^\d{1,4}$/.test(part) || rest.length > 0) {
    return undefined;
  }
  return { chat, turnId, part: Number(part) };
}
