/** Does a few at once, in order; the next few begin when these have ended. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
  { atOnce, onProgress }: { readonly atOnce: number; onProgress(done: number, all: number): void },
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(act))));
    onProgress(results.length, items.length);
  }
  return results;
}
