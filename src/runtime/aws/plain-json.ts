import type { AwsResponse } from './aws-connection.ts';

export interface PlainJsonOptions {
  readonly contentType: string;
  /** As it precedes the operation's name in `x-amz-target`. */
  readonly serviceTarget: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose input and output have nothing that JSON has not, but for bytes, and no token that the SDK makes. */
  readonly operations: readonly string[];
  /** In JSON, where a value may be bytes. Within a text it cannot stand so: its quotes have a backslash. */
  readonly bytes: RegExp;
}

/**
 * Requests and answers of the operations that make up a turn. What the SDK's commands hold is what goes over
 * the line, so JSON's own functions do, at a fifth of what a walk along the schemas costs. Bytes have to be
 * translated: where there are any the SDK does it.
 */
export class PlainJson {
  readonly #options: PlainJsonOptions;
  readonly #operations: ReadonlySet<string>;

  constructor(options: PlainJsonOptions) {
    this.#options = options;
    this.#operations = new Set(options.operations);
  }

  /** @returns undefined for what the SDK has to write */
  write(operation: string, input: object) {
    if (!this.#operations.has(operation)) return undefined;
    const body = JSON.stringify(input);
    const { bytes, contentType, serviceTarget, headers } = this.#options;
    if (bytes.test(body)) return undefined;
    const target = `${serviceTarget}.${operation}`;
    return { headers: { 'content-type': contentType, 'x-amz-target': target, ...headers }, body };
  }

  /** @returns undefined for what the SDK has to read */
  read<Output extends object>(
    operation: string,
    { statusCode, headers, body }: AwsResponse,
  ): Output | undefined {
    if (statusCode !== 200 || !this.#operations.has(operation)) return undefined;
    const text = body.toString();
    if (this.#options.bytes.test(text)) return undefined;
    const output: Output = JSON.parse(text);
    const $metadata = { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] };
    return { ...output, $metadata };
  }
}
