import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { JsonObject } from '#domain/json.ts';
import type { DynamoEngine } from '#local/dynamodb/dynamo-engine.ts';
import type { Trouble } from './steps.ts';

export interface Tap {
  /** Told of every call; without an output where it failed. */
  readonly seen: (operation: string, input: JsonObject, output: string) => void;
  /** Of the next call. */
  readonly trouble: () => TableTrouble | undefined;
}

type TableTrouble = Extract<Trouble, `table-${string}`>;

const ERRORS: Readonly<Record<TableTrouble, string>> = {
  'table-throttle': 'com.amazonaws.dynamodb#ThrottlingException',
  'table-invalid': 'com.amazon.coral.validate#ValidationException',
};

interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A client of the engine without a network between them. Errors repeat what was sent. */
export function tappedDynamo(engine: DynamoEngine, { seen, trouble }: Tap): DynamoDBClient {
  const handle = async ({ headers, body: sent }: SdkRequest) => {
    const asked = new TextDecoder().decode(sent);
    const operation = headers['x-amz-target']?.split('.')[1] ?? '';
    const wrong = trouble();
    const { status, body } = wrong
      ? { status: 400, body: JSON.stringify({ __type: ERRORS[wrong], message: asked }) }
      : await engine.handle(operation, asked);
    seen(operation, JSON.parse(asked), wrong ? '' : body);
    return { response: { statusCode: status, headers: {}, body: Buffer.from(body) } };
  };
  return new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: { handle, destroy: () => {} } as never,
  });
}
