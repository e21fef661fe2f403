/**
 * A value that is made on first use and kept. A failed attempt is forgotten, so that the next call tries
 * again instead of repeating an old error for as long as the process lives.
 */
export function lazy<Value>(make: () => Promise<Value> | Value): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= Promise.resolve()
      .then(make)
      .catch((error: unknown) => {
        made = undefined;
        throw error;
      });
    return made;
  };
}
