import { setTimeout as sleep } from 'node:timers/promises';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';
import { SIMULATOR_API_PREFIX } from '../simulator-api/simulator-api.ts';

/** Raised where something that the drill waits for does not happen. */
export class DrillError extends Error {
  override readonly name = 'DrillError';
}

const LOOK_EVERY_MS = 100;

/** Waits until it is so. @throws DrillError */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  mostMs = 60_000,
): Promise<void> {
  const endMs = Date.now() + mostMs;
  while (!(await isSo())) {
    if (Date.now() > endMs) throw new DrillError(`Waited in vain until ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** The simulator's API, as far as the drill needs it. */
export class DrillClient {
  readonly #api: string;

  constructor(url: string) {
    this.#api = `${url}${SIMULATOR_API_PREFIX}`;
  }

  /** @throws DrillError */
  async get(path: string): Promise<JsonObject> {
    return read(path, await fetch(`${this.#api}${path}`));
  }

  /** @throws DrillError */
  async post(path: string, body: object): Promise<JsonObject> {
    const answer = await fetch(`${this.#api}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return read(path, answer);
  }

  /** What has reached a customer's phone, oldest first. */
  async textsTo(contact: string): Promise<readonly string[]> {
    const { sent } = await this.get('sent');
    return (Array.isArray(sent) ? sent.filter(isObject) : [])
      .filter((call) => textAt(call, 'wamid') !== undefined)
      .map((call) => objectAt(call, 'body') ?? {})
      .filter((body) => textAt(body, 'to')?.replace('+', '') === contact)
      .flatMap((body) => textAt(objectAt(body, 'text') ?? {}, 'body') ?? []);
  }

  /** Nothing is on the chat queue or the events queue, and nobody holds anything of them. */
  async isQuiet(): Promise<boolean> {
    const queues = listAt(await this.get('queues'), 'queues').filter(isObject);
    return queues
      .filter((queue) => /-(Chats|Events)Queue/.test(textAt(queue, 'name') ?? ''))
      .every((queue) => queue['available'] === 0 && queue['in_flight'] === 0);
  }
}

async function read(path: string, answer: Response): Promise<JsonObject> {
  const body: unknown = await answer.json();
  if (!answer.ok || !isObject(body)) {
    throw new DrillError(`The simulator answered ${answer.status} to ${path}`);
  }
  return body;
}
