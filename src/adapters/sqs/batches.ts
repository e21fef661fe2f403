/** SQS: entries in one batch call of any kind. */
const MOST_ENTRIES = 10;

/** SQS: 1 MiB for a message and for a whole batch, its attributes included; some room is left for those. */
export const MOST_BYTES = 1_048_576 - 16_384;

/** Cuts a list into batches that SQS takes, in their order. */
export function intoBatches<Entry>(
  entries: readonly Entry[],
  bytesOf: (entry: Entry) => number = () => 0,
): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const batch = batches.at(-1);
    const size = bytesOf(entry);
    if (batch && batch.length < MOST_ENTRIES && bytes + size <= MOST_BYTES) {
      batch.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}
