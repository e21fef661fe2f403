import { isObject, listAt, numberAt, textAt } from '../../src/domain/json.ts';
import { TOKEN } from '../senders/webhook.ts';
import type { Answers } from './target.ts';

/** From the simulator's transcripts: the scripted model repeats what it answers. */
export function answersIn(chats: readonly unknown[]): Answers {
  const times = new Map<string, number>();
  const afterMs = new Map<string, number>();
  const writtenAt = new Map<string, number>();
  const messages = chats.filter(isObject).flatMap((chat) => listAt(chat, 'messages'));
  for (const message of messages.filter(isObject)) {
    const atMs = numberAt(message, 'at') ?? 0;
    for (const token of textAt(message, 'text')?.match(TOKEN) ?? []) {
      if (message['direction'] === 'in') writtenAt.set(token, atMs);
      else {
        times.set(token, (times.get(token) ?? 0) + 1);
        if (!afterMs.has(token)) afterMs.set(token, atMs - (writtenAt.get(token) ?? atMs));
      }
    }
  }
  return { times, afterMs };
}
