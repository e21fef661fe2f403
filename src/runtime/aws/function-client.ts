import type { AwsJsonRpcProtocol } from '@aws-sdk/core/protocols';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { operation } from '@smithy/core/schema';
import { fromBase64, fromUtf8, toBase64, toUtf8 } from '@smithy/core/serde';
import { type NodeHttpHandler, streamCollector } from '@smithy/node-http-handler';
import type { HttpHandlerOptions, MetadataBearer, OperationSchema } from '@smithy/types';
import { readOptionalEnv } from '#runtime/env.ts';
import type { AwsCommand, AwsSender } from './aws-sender.ts';
import type { RequestSigner } from './request-signer.ts';
import { type RequestRetries, withRetries } from './with-retries.ts';

export interface FunctionClientOptions {
  /** How the service wants requests to be written, and what its errors are called. */
  readonly protocol: AwsJsonRpcProtocol;
  /** With scheme, and without a path. */
  readonly endpoint: string;
  readonly signer: RequestSigner;
  /** One for all clients of a function. */
  readonly requestHandler: NodeHttpHandler;
  readonly retries: RequestRetries;
}

const SERDE = {
  base64Decoder: fromBase64,
  base64Encoder: toBase64,
  utf8Decoder: fromUtf8,
  utf8Encoder: toUtf8,
  streamCollector,
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
  readonly #host: string;
  readonly #context;
  readonly #operations = new WeakMap<object, OperationSchema>();

  constructor(options: FunctionClientOptions) {
    this.#options = options;
    const { protocol, hostname, host, port } = new URL(options.endpoint);
    this.#host = host;
    const endpoint = { protocol, hostname, path: '/', ...(port && { port: Number(port) }) };
    this.#context = { ...SERDE, endpoint: async () => endpoint };
  }

  async send<Input extends Inputs, Output extends Outputs>(
    command: AwsCommand<Inputs, Input, Outputs, Output>,
    { abortSignal }: HttpHandlerOptions = {},
  ): Promise<Output> {
    const operation = this.#operationOf(command.schema);
    const { protocol } = this.#options;
    const request = new HttpRequest(
      await protocol.serializeRequest(operation, command.input, this.#context),
    );
    const { headers, body } = request;
    headers['host'] = this.#host;
    headers['content-length'] = String(Buffer.byteLength(body));
    return withRetries(this.#options.retries, abortSignal, async () => {
      request.headers = this.#options.signer.sign(headers, body, new Date());
      traceInto(request.headers);
      const { response } = await this.#options.requestHandler.handle(
        request,
        abortSignal === undefined ? {} : { abortSignal },
      );
      return this.#read<Output>(operation, response);
    });
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
    response: HttpResponse,
  ): Promise<Output> {
    try {
      return await this.#options.protocol.deserializeResponse<Output>(
        operation,
        this.#context,
        response,
      );
    } catch (error) {
      // As the SDK does: what is no JSON came from something in between, and is known by its status.
      if (error instanceof Error) {
        if (!('$metadata' in error)) {
          Object.assign(error, { $metadata: { httpStatusCode: response.statusCode } });
        }
        // Hidden, for whoever prints an error: it leads to the request, and so to the session token.
        Object.defineProperty(error, '$response', { value: response, enumerable: false });
      }
      throw error;
    }
  }
}

type OperationTuple = readonly [
  9,
  string,
  string,
  OperationSchema['traits'],
  OperationSchema['input'],
  OperationSchema['output'],
];

/** By this header Lambda finds functions that call themselves in circles; it is not signed, as in the SDK. */
function traceInto(headers: Record<string, string>): void {
  const trace = readOptionalEnv('_X_AMZN_TRACE_ID');
  if (trace !== undefined) headers['x-amzn-trace-id'] = trace;
}
