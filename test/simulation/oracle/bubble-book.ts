import type { OutgoingMessage } from '#app/ports/message-sender.ts';
import type { PartReference } from '#domain/conversation/callback-data.ts';
import { isErasedTurn } from '#domain/conversation/erasure.ts';
import type { Erasure } from '#domain/conversation/head.ts';
import { type MessageKey, outboundKey, type StoredOutbound } from '#domain/conversation/message.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import type { Notebook } from './notebook.ts';

/** A bubble on the customer's phone. */
export interface Copy {
  readonly message: OutgoingMessage;
  readonly wamid: string;
  readonly atMs: number;
  /** 0 for the first try of a part, then counted up by each resend that the head records. */
  readonly attempt: number;
  isFailed: boolean;
}

export function refKey({ chat, turnId, part }: PartReference): string {
  return `${chatKey(chat)} ${turnId} ${part}`;
}

function outboundName(chat: Chat, key: MessageKey): string {
  return `${chatKey(chat)} ${key}`;
}

/** What reached the customers. */
export class BubbleBook {
  readonly copies: Map<string, Copy[]>;
  /** When the table first had proof of a bubble: a status's, or our own record. */
  readonly provenAtMs: Map<string, number>;
  readonly #acknowledged = new Set<string>();
  readonly #merged = new Set<string>();
  readonly #failed: Set<string>;
  readonly #delivered = new Set<string>();
  readonly #repeated: Set<string>;
  readonly #notebook: Notebook;

  /** @param before of tables that were restored: phones forget nothing, and what is proven is the table's */
  constructor(
    notebook: Notebook,
    before?: { readonly book: BubbleBook; readonly provenAtMs: ReadonlyMap<string, number> },
  ) {
    this.#notebook = notebook;
    this.copies = before?.book.copies ?? new Map();
    this.#failed = before ? before.book.#failed : new Set();
    this.#repeated = before ? before.book.#repeated : new Set();
    this.provenAtMs = new Map(before?.provenAtMs);
  }

  sent(message: OutgoingMessage, wamid: string, attempt: number): void {
    const key = refKey(message.reference);
    const copies = this.copies.get(key) ?? [];
    this.copies.set(key, copies);
    copies.push({ message, wamid, attempt, atMs: this.#notebook.now(), isFailed: false });
    this.#checkEarlierPart(message.reference);
  }

  failed({ reference }: OutgoingMessage, wamid: string): void {
    for (const copy of this.copies.get(refKey(reference)) ?? []) {
      if (copy.wamid === wamid) copy.isFailed = true;
    }
  }

  proven(reference: PartReference): void {
    const key = refKey(reference);
    if (!this.provenAtMs.has(key)) this.provenAtMs.set(key, this.#notebook.now());
  }

  /** Our own record of a bubble, with the id that WhatsApp gave it. */
  recorded(chat: Chat, { turnId, part, wamid }: StoredOutbound): void {
    if (wamid === undefined) return;
    const reference = { chat, turnId, part };
    if (!this.has(reference, wamid)) {
      this.#notebook.note('lost', `part ${part} of ${turnId} was never sent`);
    }
    this.proven(reference);
  }

  isProven(reference: PartReference): boolean {
    return this.provenAtMs.has(refKey(reference));
  }

  /** A 200 was given for a status of this bubble. */
  acknowledged({ reference }: OutgoingMessage, words: readonly string[]): void {
    for (const word of words) this.#acknowledged.add(`${refKey(reference)} ${word}`);
  }

  /** Nothing that Meta reports may get lost on the way to the table. */
  judgeStatuses(): void {
    for (const name of this.#acknowledged) {
      if (!this.#merged.has(name)) this.#notebook.note('lost', 'a status never reached the table');
    }
  }

  /** A status in the table said that a bubble failed, or that it came through. */
  reported({ reference, status }: DeliveryStatus): void {
    this.proven(reference);
    this.#merged.add(`${refKey(reference)} ${status}`);
    const name = outboundName(reference.chat, outboundKey(reference.turnId, reference.part));
    if (status === 'failed') this.#failed.add(name);
    if (status === 'delivered' || status === 'read') this.#delivered.add(name);
  }

  /** A status was not kept, which only one of an erased turn may be, or of one that the table lost. */
  dropped(
    { reference, status }: DeliveryStatus,
    erasure: Erasure | undefined,
    isOfLostTime: boolean,
  ): void {
    this.#merged.add(`${refKey(reference)} ${status}`);
    if (!isOfLostTime && !isErasedTurn(reference.turnId, erasure)) {
      this.#notebook.note('lost', 'a status was dropped that is of no erased turn');
    }
  }

  /** Said again as a turn of its own: only what failed, and is not known to have come through. */
  repeated(chat: Chat, key: MessageKey): void {
    const name = outboundName(chat, key);
    if (this.#failed.has(name) && !this.#repeated.has(name)) {
      this.#repeated.add(name);
      return;
    }
    this.#notebook.note('duplicated', 'a bubble was repeated that had not failed');
  }

  has(reference: PartReference, wamid: string): boolean {
    return (this.copies.get(refKey(reference)) ?? []).some((copy) => copy.wamid === wamid);
  }

  /** On the phone, and not withdrawn by a `failed` status. */
  isVisible(reference: PartReference): boolean {
    return (this.copies.get(refKey(reference)) ?? []).some(({ isFailed }) => !isFailed);
  }

  wasSent(reference: PartReference): boolean {
    return this.copies.has(refKey(reference));
  }

  #checkEarlierPart(reference: PartReference): void {
    if (reference.part === 0) return;
    if (this.wasSent({ ...reference, part: reference.part - 1 })) return;
    this.#notebook.note('out of order', `part ${reference.part} went out before the one before it`);
  }
}
