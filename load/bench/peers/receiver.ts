/** What somebody found in a webhook. */
export interface Found {
  readonly messages: readonly FoundMessage[];
  readonly statuses: readonly string[];
}

interface FoundMessage {
  readonly id: string | undefined;
  /** Undefined where it cannot be told from what was found to which number the message came. */
  readonly phoneNumberId: string | undefined;
}

/** A way to receive webhooks: from the bytes and the header to messages of a type. */
export interface Receiver {
  /**
   * In whatever form the package has it.
   * @returns undefined, or throws, for what it takes for forged
   */
  receive(body: Buffer, signature: string | undefined): unknown;
  /** What is in what it returned; not part of what is timed. */
  found(received: unknown): Found;
}

/** One file of receivers/: plain JavaScript, since the product's compiler does not see their packages. */
export interface ReceiverModule {
  createReceiver(appSecret: string): Receiver;
}

/** Those of receivers/, and what the tables call them. */
export const RECEIVERS = {
  ours: 'ours',
  floor: 'floor, by hand',
  kapso: '@kapso/whatsapp-cloud-api',
  'great-detail': '@great-detail/whatsapp',
  'chat-sdk': '@chat-adapter/whatsapp',
  'whatsapp-api-js': 'whatsapp-api-js',
} as const;

export type ReceiverName = keyof typeof RECEIVERS;

export const RECEIVER_NAMES: readonly ReceiverName[] =
  Object.keys(RECEIVERS).filter(isReceiverName);

function isReceiverName(name: string): name is ReceiverName {
  return Object.hasOwn(RECEIVERS, name);
}
