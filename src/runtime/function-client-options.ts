import { type AwsClientLimits, awsClientOptions } from './aws-client-options.ts';
import { readOptionalEnv } from './env.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Named as the SDK names it, so that it is classified as the SDK's own. */
export class NoCredentialsError extends Error {
  override readonly name = 'CredentialsProviderError';
}

/**
 * Settings for an AWS client inside a function. Lambda gives region and credentials by the environment, and
 * there are no config files: all that the SDK would look up in files, metadata services and rules is said
 * here (docs/adr/037-clients-told-everything.md). `AWS_ENDPOINT_URL` is the local stack.
 */
export function functionClientOptions(
  limits: AwsClientLimits = {},
  environment: Environment = process.env,
) {
  const region = readOptionalEnv('AWS_REGION', environment);
  const endpoint = readOptionalEnv('AWS_ENDPOINT_URL', environment);
  const noPreference: string[] = [];
  return {
    ...awsClientOptions(limits),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    credentials: async () => credentialsOf(environment),
    ignoreConfiguredEndpointUrls: true,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    defaultsMode: 'standard',
    retryMode: 'standard',
    // None: the names of the services say which function calls.
    userAgentAppId: '',
    authSchemePreference: noPreference,
    // Of DynamoDB only.
    accountIdEndpointMode: 'disabled',
    endpointDiscoveryEnabled: false,
    cacheMiddleware: true,
  } as const;
}

/** The role's, for as long as the execution environment lives. @throws NoCredentialsError */
function credentialsOf(environment: Environment) {
  const accessKeyId = readOptionalEnv('AWS_ACCESS_KEY_ID', environment);
  const secretAccessKey = readOptionalEnv('AWS_SECRET_ACCESS_KEY', environment);
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new NoCredentialsError(
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as Lambda does: functions look nowhere else',
    );
  }
  const sessionToken = readOptionalEnv('AWS_SESSION_TOKEN', environment);
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}
