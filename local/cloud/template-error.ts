/**
 * The template holds something that the local cloud cannot bring up, or that the cloud itself would
 * refuse. The message names the logical id and what to do about it.
 */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly logicalId: string;

  constructor(logicalId: string, problem: string) {
    super(`${logicalId}: ${problem}`);
    this.logicalId = logicalId;
  }
}
