/** Raised where a function does not do what is to be measured. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
