import { isObject, textAt } from '#domain/json.ts';
import { sqsApi } from '../sqs/json-protocol.ts';
import { queueNameOf } from '../sqs/queue-url.ts';
import type { SqsModel } from '../sqs/sqs-model.ts';
import type { AwsError, AwsService, ServiceRefusals } from './aws-service.ts';
import type { PolicyStatement } from './iam.ts';
import { type ApiAnswer, apiError, parseObject } from './json-api.ts';
import { type KeyBook, type KeyUse, keyAccess } from './key-access.ts';

/** Operations that are authorised as another one. */
const AUTHORISED_AS: Readonly<Record<string, string>> = {
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
  DeleteMessageBatch: 'DeleteMessage',
  SendMessageBatch: 'SendMessage',
};

const KEY_USE: Readonly<Record<string, KeyUse>> = { ReceiveMessage: 'read', SendMessage: 'write' };

/** Loopback stands for the TLS that AWS is reached by. */
const CONTEXT = { 'aws:SecureTransport': 'true' };

interface Place {
  readonly region: string;
  readonly accountId: string;
  readonly keys: KeyBook;
}

/** SQS: every operation is judged on the queue that its URL, name or ARN tells. */
export function sqsService(sqs: SqsModel, { region, accountId, keys }: Place): AwsService {
  return {
    peer: 'sqs',
    targetPrefix: 'AmazonSQS.',
    refusals: REFUSALS,
    refuse,
    contentType: 'application/x-amz-json-1.0',
    api: sqsApi(sqs),
    permissions(operation, input) {
      const action = AUTHORISED_AS[operation] ?? operation;
      const name = textAt(input, 'QueueName') ?? queueNameOf(textAt(input, 'QueueUrl') ?? '*');
      const resource = textAt(input, 'SourceArn') ?? `arn:aws:sqs:${region}:${accountId}:${name}`;
      return [
        {
          action: `sqs:${action}`,
          resource,
          context: CONTEXT,
          resourceStatements: policyOf(sqs, resource),
        },
        ...keyAccess(keys, resource, KEY_USE[action], {
          service: 'sqs',
          region,
          encryptionContext: { 'aws:sqs:arn': resource },
        }),
      ];
    },
  };
}

function policyOf(sqs: SqsModel, queueArn: string): readonly PolicyStatement[] {
  const name = sqs.queueNames().find((each) => sqs.arnOf(each) === queueArn);
  const policy = name === undefined ? undefined : sqs.attributesOf(name)['Policy'];
  const statements = policy === undefined ? [] : parseObject(policy)?.['Statement'];
  return [statements].flat().filter(isObject);
}

const REFUSALS: ServiceRefusals = {
  accessDenied: { status: 403, code: 'AccessDeniedException' },
  keyAccessDenied: { status: 400, code: 'KmsAccessDenied' },
  unknownAccessKey: { status: 403, code: 'UnrecognizedClientException' },
  missingAccessKey: { status: 403, code: 'MissingAuthenticationTokenException' },
  throttled: {
    status: 403,
    code: 'RequestThrottled',
    message: 'The request was denied due to request throttling.',
  },
  failed: { code: 'InternalFailure', message: 'The request processing has failed.' },
};

function refuse({ status, code, message }: AwsError): ApiAnswer {
  const party = status >= 500 ? 'Receiver' : 'Sender';
  return {
    ...apiError(status, `com.amazonaws.sqs#${code}`, message),
    headers: { 'x-amzn-query-error': `${QUERY_CODES[code] ?? code};${party}` },
  };
}

/** The names of these errors in the older query protocol. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  KmsAccessDenied: 'KMS.AccessDeniedException',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  UnrecognizedClientException: 'InvalidClientTokenId',
};
