import type { ServerResponse } from 'node:http';
import { Newest } from '#local/newest.ts';
import type { ChatName } from '#local/whatsapp/world-event.ts';

/** One thing that happened, as the page's lane shows it. */
export interface FeedEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Station on a message's way; see `WorldEvent` for those of the outside world. */
  readonly kind:
    | 'message'
    | 'webhook'
    | 'accepted'
    | 'queue'
    | 'turn'
    | 'model'
    | 'send'
    | 'status'
    | 'typing'
    | 'fault'
    | 'system';
  /** Missing where an event belongs to no chat, or its chat is not known. */
  readonly chat?: ChatName | undefined;
  /** One short sentence. */
  readonly detail: string;
}

const KEPT = 500;
const PING_EVERY_MS = 20_000;
const MOST_UNREAD_BYTES = 1024 * 1024;

/** Tells every open page what happens; a page that comes late gets the latest entries first. */
export class Feed {
  #lastId = 0;
  readonly #kept = new Newest<{ readonly id: number; readonly entry: FeedEntry }>(KEPT);
  readonly #listeners = new Set<ServerResponse>();

  push(entry: FeedEntry): void {
    this.#lastId += 1;
    const kept = { id: this.#lastId, entry };
    this.#kept.push(kept);
    for (const listener of this.#listeners) tell(listener, kept.id, entry);
  }

  /** Turns the response into a stream of server-sent events. @param afterId last one the page has */
  stream(response: ServerResponse, afterId = 0): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
    });
    // An id from before a restart is ahead of ours: that page has seen nothing of this run.
    const after = afterId > this.#lastId ? 0 : afterId;
    response.write('retry: 1000\n\n');
    for (const { id, entry } of this.#kept.all) if (id > after) response.write(frame(id, entry));
    this.#listeners.add(response);
    const ping = setInterval(() => response.write(': ping\n\n'), PING_EVERY_MS);
    response.on('close', () => {
      clearInterval(ping);
      this.#listeners.delete(response);
    });
  }

  /** Ends every stream, so that the server can stop. */
  close(): void {
    for (const listener of this.#listeners) listener.end();
    this.#listeners.clear();
  }
}

/** A page that does not keep up is let go: it comes back by itself, and then gets the latest. */
function tell(listener: ServerResponse, id: number, entry: FeedEntry): void {
  listener.write(frame(id, entry));
  if (listener.writableLength > MOST_UNREAD_BYTES) listener.destroy();
}

function frame(id: number, entry: FeedEntry): string {
  return `id: ${id}\ndata: ${JSON.stringify(entry)}\n\n`;
}
