/** What a service answers over HTTP. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Who calls a service, and where. */
export interface ApiCall {
  /** The address under which the service is reached, which queue URLs begin with. */
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

export type Json = Readonly<Record<string, unknown>>;

/** An AWS error as the JSON protocols carry it. */
export function apiError(status: number, type: string, message: string): ApiAnswer {
  return { status, body: JSON.stringify({ __type: type, message }) };
}

/** Undefined for what is no JSON object. */
export function parseObject(text: string): Json | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJson(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text of a request; undefined where it is absent or something else. */
export function textOf(source: Json | undefined, name: string): string | undefined {
  const value = source?.[name];
  return typeof value === 'string' ? value : undefined;
}
