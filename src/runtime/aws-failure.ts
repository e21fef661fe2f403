import type { Failure, FailureClass } from '#domain/failure.ts';

/** Error names of DynamoDB, SQS, Secrets Manager and S3, and of the SDK itself (their API references, "Errors"). */
const CLASS_OF_NAME: Readonly<Record<string, FailureClass>> = {
  ThrottlingException: 'retry',
  Throttling: 'retry',
  RequestThrottled: 'retry',
  RequestThrottledException: 'retry',
  ProvisionedThroughputExceededException: 'retry',
  RequestLimitExceeded: 'retry',
  TooManyRequestsException: 'retry',
  KmsThrottled: 'retry',
  OverLimit: 'retry',
  LimitExceededException: 'retry',
  InternalServerError: 'retry',
  InternalServiceError: 'retry',
  InternalFailure: 'retry',
  ServiceUnavailable: 'retry',
  ServiceUnavailableException: 'retry',
  ReplicatedWriteConflictException: 'retry',
  TransactionConflictException: 'retry',
  SlowDown: 'retry',
  InternalError: 'retry',
  RequestTimeout: 'retry',
  TimeoutError: 'retry',
  AbortError: 'retry',
  // A queue that did not take everything: `adapters/sqs/queue.ts`.
  QueueRefusedError: 'retry',
  // A later release wrote it: `adapters/dynamodb/stored-record.ts`.
  NewerVersionError: 'retry',
  AccessDenied: 'fix-needed',
  AccessDeniedException: 'fix-needed',
  UnrecognizedClientException: 'fix-needed',
  InvalidClientTokenId: 'fix-needed',
  ExpiredTokenException: 'fix-needed',
  CredentialsProviderError: 'fix-needed',
  // A function without its role's: `aws/request-signer.ts`.
  NoCredentialsError: 'fix-needed',
  ResourceNotFoundException: 'fix-needed',
  QueueDoesNotExist: 'fix-needed',
  NoSuchBucket: 'fix-needed',
  KmsAccessDenied: 'fix-needed',
  KmsDisabled: 'fix-needed',
  KmsInvalidState: 'fix-needed',
  KmsNotFound: 'fix-needed',
};

/** Codes of Node's sockets: the service did not answer. */
const CONNECTION =
  /^E(?:CONNRESET|CONNREFUSED|CONNABORTED|PIPE|TIMEDOUT|HOSTUNREACH|AI_AGAIN|NOTFOUND)$/;

/** What an exception of an AWS client means; undefined for one that no service threw: a bug. */
export function classifyAwsError(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const known = Object.hasOwn(CLASS_OF_NAME, error.name) ? CLASS_OF_NAME[error.name] : undefined;
  if (known) return { class: known, code: `aws:${error.name}` };
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string' && CONNECTION.test(code)) {
    return { class: 'retry', code: `aws:${code.toLowerCase()}` };
  }
  const status = statusOf(error);
  return status >= 500 ? { class: 'retry', code: `aws:http-${status}` } : undefined;
}

function statusOf(error: Error): number {
  const metadata: unknown = Reflect.get(error, '$metadata');
  const status: unknown =
    typeof metadata === 'object' && metadata !== null
      ? Reflect.get(metadata, 'httpStatusCode')
      : undefined;
  return typeof status === 'number' ? status : 0;
}
