import { AsyncLocalStorage } from 'node:async_hooks';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { Job } from '#app/ports/jobs.ts';
import type { LogFields } from '#app/ports/log.ts';
import type { Announcement, OutgoingWebhook, WebhookResult } from '#app/ports/notices.ts';
import { instructionsOf } from '#domain/conversation/instructions.ts';
import { parseChatKey } from '#domain/ids.ts';
import { isObject, type JsonObject, objectAt, textAt } from '#domain/json.ts';
import { chatKeysOf, NEVER_LOGGED, noticesSecretOf, type Side, type Sides } from './sides.ts';

/** Whose work runs now; nobody's where both are worked in one batch. */
export const working = new AsyncLocalStorage<Side | undefined>();

/** Sees all that goes in and out of the process, and notes what of it is the other tenant's. */
export class Witness {
  readonly breaches: string[] = [];
  /** What was seen at all: a run in which nothing happens proves nothing. */
  readonly seen = new Map<string, number>();
  readonly fieldNames = new Set<string>();
  readonly #sides: Sides;
  readonly #pseudonyms: readonly ReadonlySet<string>[];
  /** Tables answered with an error, so that a tenant was perhaps not found. */
  wasBlind = false;

  constructor(sides: Sides) {
    this.#sides = sides;
    this.#pseudonyms = sides.map(
      (side) =>
        new Set(
          chatKeysOf(side).flatMap((key) => {
            const chat = parseChatKey(key);
            return chat ? [pseudonyms.ofChat(chat)] : [];
          }),
        ),
    );
  }

  count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  /** A call to the tables, and what came back. */
  table(operation: string, input: JsonObject, output: string): void {
    const said = JSON.stringify(input) + output;
    const partitions = partitionsOf(input);
    if (partitions.length === 0) this.#breach(`${operation} without a partition key`);
    for (const partition of partitions) {
      const owner = this.#ownerOf(partition);
      if (owner === undefined) {
        // Shards of the index and events of no account: what lies there together holds no words.
        if (isIndex(partition)) this.#holdsNoWords(`${operation} of ${partition}`, said);
        continue;
      }
      this.#isOf(owner, `${operation} of ${partition}`, said);
      const worker = working.getStore();
      if (worker && worker !== owner) {
        this.#breach(`${operation} of ${partition} in the work of ${worker.tenant.id}`);
      }
      this.count(`table ${owner.index}`);
    }
  }

  /** A request to the model. */
  model(authorization: string, body: JsonObject): void {
    const said = JSON.stringify(body);
    if (isForMemory(body)) {
      this.#forMemory(body, said);
      return;
    }
    const side = this.#sides.find(({ tenant }) => tenant.id === body['prompt_cache_key']);
    if (!side) {
      this.#breach('a prompt of no tenant');
      return;
    }
    this.#isOf(side, 'a prompt', said);
    if (!said.includes(side.canary)) this.#breach('a prompt without the words of its tenant');
    if (body['instructions'] !== instructionsOf(side.tenant)) this.#breach('other instructions');
    if (body['model'] !== side.tenant.model) this.#breach('the model of another tenant');
    if (!this.#pseudonyms[side.index]?.has(String(body['safety_identifier']))) {
      this.#breach('a safety identifier of no chat of the tenant');
    }
    if (authorization !== 'Bearer sk-two-tenants') this.#breach('a prompt with another key');
    this.count(`prompt ${side.index}`);
  }

  /** Its instructions are the same for all; what it is about is one chat's. */
  #forMemory(body: JsonObject, said: string): void {
    const chat = String(body['safety_identifier']);
    const side = this.#sides.find(({ index }) => this.#pseudonyms[index]?.has(chat));
    if (!side) {
      this.#breach('a question of the memory of no chat');
      return;
    }
    this.#isOf(side, 'a question of the memory', said);
    this.count(`memory ${side.index}`);
  }

  /** A request to the Graph API. @returns whose number it is for */
  graph(path: string, authorization: string, body: JsonObject): Side | undefined {
    const [, , number] = path.split('/');
    const side = this.#sides.find(({ phoneNumberId }) => phoneNumberId === number);
    if (!side) {
      this.#breach(`a call for ${path}, which is no tenant's`);
      return undefined;
    }
    this.#isOf(side, 'a send', JSON.stringify(body));
    if (!side.tokens.some((token) => authorization === `Bearer ${token}`)) {
      this.#breach(`a call for ${side.tenant.id} with another token`);
    }
    if (body['type'] !== 'text') return side;
    const text = textAt(objectAt(body, 'text') ?? {}, 'body') ?? '';
    if (!text.includes(side.canary)) this.#breach('a reply without the words of its tenant');
    const [, chat] = String(body['biz_opaque_callback_data']).split(' ');
    if (!chatKeysOf(side).includes(chat ?? '')) this.#breach(`a reference to the chat ${chat}`);
    this.count(`send ${side.index}`);
    return side;
  }

  /** A file that is kept, or was. */
  media(operation: string, key: string, bytes: Uint8Array | undefined): void {
    const owner = this.#sides.find(({ tenant }) => key.startsWith(`tenant/${tenant.id}/`));
    if (!owner) {
      this.#breach(`${operation} of the file ${key}, which is no tenant's`);
      return;
    }
    this.#isOf(owner, `${operation} of a file`, Buffer.from(bytes ?? []).toString('latin1'));
    const worker = working.getStore();
    if (worker && worker !== owner) {
      this.#breach(
        `${operation} of a file of ${owner.tenant.id} in the work of ${worker.tenant.id}`,
      );
    }
    this.count(`${operation} file ${owner.index}`);
  }

  /** What a queue holds. Rings have no words; an envelope is of the number that it came for. */
  queued(queue: string, body: string): void {
    if (queue === 'rings') this.#holdsNoWords('a ring', body);
    else if (this.#sides.every(({ canary }) => body.includes(canary))) {
      this.#breach('an envelope with the words of both');
    }
  }

  /** What the business is told: of its own chats, and without a word of anybody's. */
  jobs(jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.#holdsNoWords('a job', JSON.stringify(job));
      if (job.kind !== 'notice') continue;
      const { tenantId, chat } = job.notice;
      const side = this.#sides.find(({ tenant }) => tenant.id === tenantId);
      if (side?.phoneNumberId !== chat.phoneNumberId) this.#breach(`a notice of ${tenantId}`);
      this.count(`notice ${side?.index}`);
    }
  }

  /** What a business's own server is sent. */
  async webhook({ url, body, secrets }: OutgoingWebhook): Promise<WebhookResult> {
    const side = this.#sides.find(({ tenant }) => tenant.notices.webhook?.url === url);
    if (!side) this.#breach(`a webhook to ${url}`);
    else {
      this.#isOf(side, 'a webhook', body);
      const { data } = JSON.parse(body);
      const isOwn = data.tenant === side.tenant.id && data.chat.number === side.phoneNumberId;
      if (!isOwn) this.#breach(`a webhook of another to ${side.tenant.id}`);
      if (secrets[0] !== noticesSecretOf(side))
        this.#breach('a webhook signed with another secret');
      this.count(`webhook ${side.index}`);
    }
    return { kind: 'delivered' };
  }

  /** What everybody may read who is subscribed. */
  announcement(announcement: Announcement): void {
    const said = JSON.stringify(announcement);
    if (NEVER_LOGGED.test(said)) this.#breach(`the announcement ${said}`);
    this.count('announcement');
  }

  /** What a caller of the business API is told. */
  answer(caller: Side, status: number, said: string): void {
    this.#isOf(caller, `an answer ${status}`, said);
  }

  logged(event: string, fields: LogFields): void {
    for (const name of Object.keys(fields)) this.fieldNames.add(name);
    const { tenantId, phoneNumberId, ...others } = fields;
    const line = `the line ${event} ${JSON.stringify(fields)}`;
    if (NEVER_LOGGED.test(JSON.stringify(others)))
      this.#breach(`${line} holds what is never logged`);
    const byTenant = this.#sides.find(({ tenant }) => tenant.id === tenantId);
    const byNumber = this.#sides.find((side) => side.phoneNumberId === phoneNumberId);
    const worker = working.getStore() ?? byNumber;
    if (tenantId !== undefined && !byTenant) this.#breach(`${line} is of no tenant`);
    for (const side of [byTenant, byNumber]) {
      if (side && worker && side !== worker) this.#breach(`${line} is of ${side.tenant.id}`);
    }
    const isOfAChat = fields['chat'] !== undefined && byNumber !== undefined;
    // The very first line comes before anything is read, and ingest and events read no tenant at all.
    const isBefore = TELL_THE_NUMBER_ONLY.has(event) || event.startsWith('job_');
    if (isOfAChat && tenantId === undefined && !isBefore && !this.wasBlind) {
      this.#breach(`${line} names no tenant`);
    }
    this.count(`line ${event}`);
  }

  /** Names and numbers: no metric has a dimension for a tenant. */
  metric(name: string, value: unknown): void {
    if (!/^[A-Z][A-Za-z]+$/.test(name) || typeof value !== 'number') {
      this.#breach(`the metric ${name} is ${typeof value}`);
    }
    this.count('metric');
  }

  #isOf(side: Side, what: string, said: string): void {
    const other = this.#sides[side.index === 0 ? 1 : 0];
    if (said.includes(other.canary)) {
      this.#breach(`${what} of ${side.tenant.id} holds words of ${other.tenant.id}`);
    }
  }

  #holdsNoWords(what: string, said: string): void {
    if (/kanari/.test(said)) this.#breach(`${what} holds words`);
  }

  #ownerOf(partition: string): Side | undefined {
    const [kind, id] = partition.split('#');
    return this.#sides.find(({ tenant, phoneNumberId, accountId }) => {
      if (kind === 'TENANT') return id === tenant.id;
      if (kind === 'EVENT') return id === accountId;
      return (kind === 'CHAT' || kind === 'PHONE') && id === phoneNumberId;
    });
  }

  #breach(what: string): void {
    this.breaches.push(what);
  }
}

/** Events of lines that know the number of a chat, and not yet or not at all its tenant. */
const TELL_THE_NUMBER_ONLY = new Set(['chat_rung', 'message_arrived', 'status_merged']);

function isIndex(partition: string): boolean {
  return /^[UP]#/.test(partition);
}

/** Partition keys of the table or index that a single-item call or a query names. */
function partitionsOf(input: JsonObject): readonly string[] {
  const item = objectAt(input, 'Key') ?? objectAt(input, 'Item') ?? {};
  const values = objectAt(input, 'ExpressionAttributeValues') ?? {};
  const isQuery = textAt(input, 'KeyConditionExpression') !== undefined;
  const listed = textAt(objectAt(values, ':tenant') ?? {}, 'S');
  const tenant = listed === undefined ? undefined : { S: `TENANT#${listed}` };
  const queried = isQuery ? [values[':chat'], values[':shard'], values[':partition'], tenant] : [];
  return [item['pk'], ...queried].flatMap((value) =>
    isObject(value) ? (textAt(value, 'S') ?? []) : [],
  );
}

/** Whether a request to the model is about what is to be remembered. */
export function isForMemory(body: JsonObject): boolean {
  const format = objectAt(objectAt(body, 'text') ?? {}, 'format') ?? {};
  return format['name'] === 'memory' || format['name'] === 'summary';
}
