/** All that comes, once it has come. */
export async function collect<Each>(source: AsyncIterable<Each>): Promise<readonly Each[]> {
  const all: Each[] = [];
  for await (const each of source) all.push(each);
  return all;
}
