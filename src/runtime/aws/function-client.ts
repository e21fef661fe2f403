import type { AwsJsonRpcProtocol } from '@aws-sdk/core/protocols';
import { HttpResponse } from '@smithy/core/protocols';
import { operation } from '@smithy/core/schema';
import { fromBase64, fromUtf8, toBase64, toUtf8 } from '@smithy/core/serde';
import type { HttpHandlerOptions, MetadataBearer, OperationSchema } from '@smithy/types';
import { readOptionalEnv } from '#runtime/env.ts';
import type { AwsConnection, AwsResponse } from './aws-connection.ts';
import type { AwsCommand, AwsSender } from './aws-sender.ts';
import type { PlainJson } from './plain-json.ts';
import type { RequestSigner } from './request-signer.ts';
import { type RequestRetries, withRetries } from './with-retries.ts';

export interface FunctionClientOptions {
  /** How the service wants requests to be written, and what its errors are called. */
  readonly protocol: AwsJsonRpcProtocol;
  /** For what needs no schema. */
  readonly plain?: PlainJson | undefined;
  /** With scheme, and without a path. */
  readonly endpoint: string;
  readonly signer: RequestSigner;
  /** One for all clients of a function. */
  readonly connection: AwsConnection;
  readonly retries: RequestRetries;
}

const SERDE = {
  base64Decoder: fromBase64,
  base64Encoder: toBase64,
  utf8Decoder: fromUtf8,
  utf8Encoder: toUtf8,
  /** Answers are whole when they come here. */
  streamCollector: async () => new Uint8Array(),
  disableHostPrefix: true,
};

/**
 * A client of one service with a JSON protocol, for use inside a function: the SDK's commands, serializers,
 * errors, retries and connections, without what it puts between them for every other use. What that spares is
 * told in docs/adr/038-the-sdk-without-its-middleware.md.
 */
export class FunctionClient<Inputs extends object, Outputs extends MetadataBearer>
  implements AwsSender<Inputs, Outputs>
{
  readonly #options: FunctionClientOptions;
  readonly #endpoint: URL;
  readonly #context;
  readonly #operations = new WeakMap<object, OperationSchema>();

  constructor(options: FunctionClientOptions) {
    this.#options = options;
    this.#endpoint = new URL(options.endpoint);
    const { protocol, hostname, port } = this.#endpoint;
    const endpoint = { protocol, hostname, path: '/', ...(port && { port: Number(port) }) };
    this.#context = { ...SERDE, endpoint: async () => endpoint };
  }

  async send<Input extends Inputs, Output extends Outputs>(
    command: AwsCommand<Inputs, Input, Outputs, Output>,
    { abortSignal }: HttpHandlerOptions = {},
  ): Promise<Output> {
    const operation = this.#operationOf(command.schema);
    const { headers, body } = await this.#write(operation, command.input);
    headers['host'] = this.#endpoint.host;
    headers['content-length'] = String(Buffer.byteLength(body));
    const { connection, retries, signer } = this.#options;
    return withRetries(retries, abortSignal, async () => {
      const signed = signer.sign(headers, body, new Date());
      traceInto(signed);
      const response = await connection.post(this.#endpoint, signed, body, abortSignal);
      return this.#read<Output>(operation, response);
    });
  }

  async #write(operation: OperationSchema, input: object): Promise<Written> {
    const { plain, protocol } = this.#options;
    const written = plain?.write(operation.name, input);
    if (written) return written;
    const { headers, body } = await protocol.serializeRequest(operation, input, this.#context);
    return { headers, body };
  }

  /** The SDK writes down its operations as tuples, and its protocols want objects. */
  #operationOf(schema: OperationTuple): OperationSchema {
    const known = this.#operations.get(schema);
    if (known) return known;
    const [, namespace, name, traits, input, output] = schema;
    const found = operation(namespace, name, traits, input, output);
    this.#operations.set(schema, found);
    return found;
  }

  async #read<Output extends MetadataBearer>(
    operation: OperationSchema,
    answer: AwsResponse,
  ): Promise<Output> {
    let response: HttpResponse | undefined;
    try {
      const read = this.#options.plain?.read<Output>(operation.name, answer);
      if (read) return read;
      response = responseOf(answer);
      return await this.#options.protocol.deserializeResponse<Output>(
        operation,
        this.#context,
        response,
      );
    } catch (error) {
      // As the SDK does: what is no JSON came from something in between, and is known by its status.
      if (error instanceof Error) {
        if (!('$metadata' in error)) {
          Object.assign(error, { $metadata: { httpStatusCode: answer.statusCode } });
        }
        // Hidden, for whoever prints an error: the words of the service may name what it was asked for.
        Object.defineProperty(error, '$response', {
          value: response ?? responseOf(answer),
          enumerable: false,
        });
      }
      throw error;
    }
  }
}

interface Written {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

type OperationTuple = readonly [
  9,
  string,
  string,
  OperationSchema['traits'],
  OperationSchema['input'],
  OperationSchema['output'],
];

/** As the SDK's protocols want it. */
function responseOf({ statusCode, headers, body }: AwsResponse): HttpResponse {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return new HttpResponse({ statusCode, headers: Object.fromEntries(texts), body });
}

/** By this header Lambda finds functions that call themselves in circles; it is not signed, as in the SDK. */
function traceInto(headers: Record<string, string>): void {
  const trace = readOptionalEnv('_X_AMZN_TRACE_ID');
  if (trace !== undefined) headers['x-amzn-trace-id'] = trace;
}
