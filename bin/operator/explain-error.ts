import { SecretUnsettledError } from '#app/copy-secret.ts';
import { SecretNotMirroredError } from '#app/mirror-secrets.ts';
import { OperatorError, UsageError } from './operator-error.ts';

/** Errors of AWS's SDK that tell of the environment in which the command runs, and what to do. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'There are no AWS credentials: set AWS_PROFILE, or log in as your account wants it.',
  TokenProviderError: 'The AWS login is over: log in again (aws sso login).',
  ExpiredToken: 'The AWS credentials have expired: log in again.',
  ExpiredTokenException: 'The AWS credentials have expired: log in again.',
  InvalidClientTokenId: 'AWS does not know these credentials: check AWS_PROFILE.',
  UnrecognizedClientException: 'AWS does not know these credentials: check AWS_PROFILE.',
};

const UNREACHABLE =
  /^(?:ECONN|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|TimeoutError)/;

function codeOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.name;
}

/** Reduces whatever happened to one line for the operator, and its exit code. */
export function explainError(error: unknown): OperatorError {
  if (error instanceof OperatorError) return error;
  if (!(error instanceof Error)) return new OperatorError(String(error));
  if (error instanceof SecretUnsettledError) {
    return new OperatorError(`${error.message}.`, { cause: error });
  }
  if (error instanceof SecretNotMirroredError) {
    const { message, other, cause } = error;
    return new OperatorError(
      `${message} (${explainError(cause).message}) Nothing of it is to be put again: run npx concierge secret migrate --to ${other}, or --finish where the functions have left ${other}.`,
      { cause: error },
    );
  }
  const environment = ENVIRONMENT[error.name];
  if (environment) return new UsageError(environment, { cause: error });
  if (error.message === 'Region is missing') {
    return new UsageError('Say in which region the stage is: set AWS_REGION or AWS_PROFILE.', {
      cause: error,
    });
  }
  if (UNREACHABLE.test(codeOf(error))) {
    return new OperatorError(
      `AWS cannot be reached (${codeOf(error)}): check the network, and run the same again.`,
      { cause: error },
    );
  }
  const message = error.message.split('\n')[0] ?? '';
  if (/AccessDenied/.test(error.name)) {
    return new OperatorError(`${message} What the command needs is in docs/operator.md.`, {
      cause: error,
    });
  }
  return new OperatorError(`${error.name}: ${message}`, { cause: error });
}
