import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type JsonObject, numberAt, textAt } from '#domain/json.ts';

/** An item as DynamoDB's low-level client writes and reads it. */
export type Item = Record<string, AttributeValue>;

/** Shape of every item that this version writes. A later shape gets a new number and its own reader. */
export const RECORD_VERSION = 1;

/** Of an inbox entry that a release without commands would take for a message that needs no answer. */
export const VERSION_OF_COMMANDS = 2;

const WAIT_FOR_ITS_RELEASE =
  'which this release does not know; deploy the release that wrote it, or a later one';

/** Raised for an item that this version cannot read; names its keys and what is wrong, not its content. */
export class StoredRecordError extends Error {
  override readonly name: string = 'StoredRecordError';
}

/**
 * Raised for an item that a later release wrote, as for five minutes of every release and after one that was
 * taken back. It is left as it is, and what needs it waits: the release that can read it is near.
 */
export class NewerVersionError extends StoredRecordError {
  override readonly name = 'NewerVersionError';
}

/** An item of a known version, its attributes to be read one by one. */
export class StoredRecord {
  readonly fields: JsonObject;

  /**
   * @param known versions that the reader reads; an item that says none is of the first
   * @throws NewerVersionError, and StoredRecordError for what is no version at all
   */
  constructor(item: Item, known: readonly number[] = [RECORD_VERSION]) {
    this.fields = unmarshall(item);
    const { v = 1 } = this.fields;
    if (known.some((version) => version === v)) return;
    const isNewer = typeof v === 'number' && v > Math.max(...known);
    throw isNewer
      ? new NewerVersionError(`${this.#place()} has version ${v}, ${WAIT_FOR_ITS_RELEASE}`)
      : this.problem('has no version that any release wrote');
  }

  text(name: string): string {
    const value = this.fields[name];
    if (typeof value !== 'string') throw this.problem(`lacks the text "${name}"`);
    return value;
  }

  optionalText(name: string): string | undefined {
    return textAt(this.fields, name);
  }

  number(name: string): number {
    const value = this.fields[name];
    if (typeof value !== 'number') throw this.problem(`lacks the number "${name}"`);
    return value;
  }

  optionalNumber(name: string): number | undefined {
    return numberAt(this.fields, name);
  }

  /** A value that a parser accepted. */
  required<Value>(name: string, value: Value | undefined): Value {
    if (value === undefined) throw this.problem(`has no valid "${name}"`);
    return value;
  }

  problem(what: string): StoredRecordError {
    return new StoredRecordError(`${this.#place()} ${what}`);
  }

  #place(): string {
    return this.fields['sk'] === undefined ? 'Item' : `Item ${this.#kind()}`;
  }

  /** The keys without the contact, which may be a phone number. */
  #kind(): string {
    const [kind = '', id = ''] = String(this.fields['pk']).split('#');
    return `${kind}#${id}… / ${String(this.fields['sk']).split('#')[0]}`;
  }
}
