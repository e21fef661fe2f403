import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** What DynamoDB bills, by its own rules for sizes: an item as the protocol writes it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** What an index holds of an item. */
export interface IndexShape {
  readonly keys: readonly string[];
  /** Undefined = every attribute. */
  readonly projected: readonly string[] | undefined;
}

const WRITE_UNIT_BYTES = 1_024;
/** What storage adds to each item, in a table as in an index. */
const STORAGE_OVERHEAD_BYTES = 100;

/**
 * Write units of a change: the table's by the larger of both items, and what it costs each index: nothing
 * where what is projected stays as it is, one write where it changes, two where its key does.
 * @param before undefined = there was none
 * @param after undefined = there is none now
 */
export function writeUnits(
  before: Item | undefined,
  after: Item | undefined,
  indexes: readonly IndexShape[],
): number {
  const table = Math.max(unitsOf(before), unitsOf(after), 1);
  return indexes.reduce((sum, index) => sum + indexUnits(before, after, index), table);
}

/** A write whose condition does not hold is billed by the item that is there. */
export function refusedWriteUnits(before: Item | undefined): number {
  return Math.max(unitsOf(before), 1);
}

/** Bytes that are billed for keeping an item, in the table and in its indexes. */
export function storedBytes(item: Item, indexes: readonly IndexShape[]): number {
  const places = [item, ...indexes.map((index) => entryOf(item, index))];
  return places.reduce(
    (sum, each) => sum + (each === undefined ? 0 : itemBytes(each) + STORAGE_OVERHEAD_BYTES),
    0,
  );
}

function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function indexUnits(before: Item | undefined, after: Item | undefined, index: IndexShape): number {
  const old = entryOf(before, index);
  const next = entryOf(after, index);
  if (!old || !next) return unitsOf(old) + unitsOf(next);
  const isMoved = index.keys.some((key) => !isSame(old[key], next[key]));
  if (isMoved) return unitsOf(old) + unitsOf(next);
  return isSame(old, next) ? 0 : Math.max(unitsOf(old), unitsOf(next));
}

/** Undefined where the item has not all of the index's keys: then the index has nothing of it. */
function entryOf(item: Item | undefined, { keys, projected }: IndexShape): Item | undefined {
  if (!item || !keys.every((key) => key in item)) return undefined;
  if (!projected) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => projected.includes(name)));
}

function unitsOf(item: Item | undefined): number {
  return item === undefined ? 0 : Math.ceil(itemBytes(item) / WRITE_UNIT_BYTES);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  // The protocol has bytes in base64.
  if (value.B !== undefined) return Math.floor((String(value.B).length * 3) / 4);
  if (value.L !== undefined) return 3 + sum(value.L.map((each) => 1 + valueBytes(each)));
  if (value.M !== undefined) {
    const entries = Object.entries(value.M);
    return 3 + sum(entries.map(([name, each]) => 1 + Buffer.byteLength(name) + valueBytes(each)));
  }
  if (value.SS !== undefined) return sum(value.SS.map((each) => Buffer.byteLength(each)));
  if (value.NS !== undefined) return sum(value.NS.map(numberBytes));
  throw new RangeError(`No size is known for an attribute of type ${Object.keys(value)}`);
}

/** A byte for two significant digits, and one more. */
function numberBytes(text: string): number {
  const digits = text.replace(/^-|\.|e.*$/gi, '').replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
