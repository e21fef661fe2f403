/** Something that the operator is told in one line: what is wrong, and what to do next. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
  readonly exitCode: number = 1;
}

/** A command that cannot be meant, or an environment in which it cannot be run. */
export class UsageError extends OperatorError {
  override readonly name = 'UsageError';
  override readonly exitCode = 2;
}
