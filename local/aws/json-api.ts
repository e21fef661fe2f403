import { isObject, type JsonObject } from '#domain/json.ts';

/** What a service answers over HTTP. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Who calls a service, and where. */
export interface ApiCall {
  /** The address under which the service is reached, without a slash at its end. */
  readonly endpoint: string;
  /** As AWS names a caller to other parts of a service, such as SQS's `SenderId`. */
  readonly principalId: string;
}

/** An AWS service that speaks one of the JSON protocols, without its HTTP. */
export interface JsonApi {
  /**
   * @param operation what follows the dot in `X-Amz-Target`, such as `SendMessage`
   * @param body the request as it came; what is wrong with it is an answer, not an exception
   */
  handle(operation: string, body: string, call: ApiCall): ApiAnswer | Promise<ApiAnswer>;
}

/** An AWS error as the JSON protocols carry it. */
export function apiError(status: number, type: string, message: string): ApiAnswer {
  return { status, body: JSON.stringify({ __type: type, message }) };
}

/** Undefined for what is no JSON object. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
