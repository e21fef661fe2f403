import { type Chat, chatKey } from '#domain/ids.ts';
import type { Environment } from '../cloud/environment.ts';

/** Names one invocation's work on one chat. */
export function workName({ id, invocations }: Environment, chat: Chat): string {
  return `${id}/${invocations} ${chatKey(chat)}`;
}
