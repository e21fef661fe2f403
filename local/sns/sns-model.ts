import { randomUUID } from 'node:crypto';

/** Something that was published, as the page and tests see it. */
export interface PublishedMessage {
  readonly topicArn: string;
  readonly messageId: string;
  readonly atMs: number;
  readonly subject: string | undefined;
  readonly message: string;
  /** Texts of the message's attributes, by which subscriptions filter. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A refusal of SNS, by the name that the AWS SDK gives it. */
export class SnsError extends Error {
  override readonly name = 'SnsError';
  readonly code: 'InvalidParameter' | 'NotFound';

  constructor(code: SnsError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** As many as the page may want to show. */
const MOST_KEPT = 200;
/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MOST_BYTES = 256 * 1024;
const LONGEST_SUBJECT = 100;

/** Topics of the template. There are no subscribers here: what is published is kept to be looked at. */
export class SnsModel {
  readonly #topics = new Map<string, string>();
  #published: readonly PublishedMessage[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  createTopic(arn: string): void {
    this.#topics.set(arn, '{}');
  }

  setPolicy(arn: string, policy: string): void {
    this.#topics.set(arn, policy);
  }

  /** The topic's own policy; undefined where there is no such topic. */
  policyOf(arn: string): string | undefined {
    return this.#topics.get(arn);
  }

  /** @throws SnsError */
  publish(wanted: Omit<PublishedMessage, 'messageId' | 'atMs'>): PublishedMessage {
    const { topicArn, subject, message } = wanted;
    if (!this.#topics.has(topicArn)) throw new SnsError('NotFound', 'Topic does not exist');
    if (message === '') throw new SnsError('InvalidParameter', 'Invalid parameter: Empty message');
    if (Buffer.byteLength(message) > MOST_BYTES) {
      throw new SnsError('InvalidParameter', 'Invalid parameter: Message too long');
    }
    if (subject !== undefined && !isSubject(subject)) {
      throw new SnsError('InvalidParameter', 'Invalid parameter: Subject');
    }
    const published = { ...wanted, messageId: randomUUID(), atMs: this.#now() };
    this.#published = [...this.#published, published].slice(-MOST_KEPT);
    return published;
  }

  /** The latest, oldest of them first. */
  get published(): readonly PublishedMessage[] {
    return this.#published;
  }
}

/** One line of ASCII that begins with a letter, number or mark. */
function isSubject(text: string): boolean {
  return text.length <= LONGEST_SUBJECT && /^[!-~][ -~]*$/.test(text);
}
