import { type AwsClientLimits, awsClientOptions } from '#runtime/aws-client-options.ts';
import { readOptionalEnv } from '#runtime/env.ts';
import { environmentCredentials } from './request-signer.ts';

/**
 * Settings for a client of the SDK inside a function, where `FunctionClient` has no protocol for the service.
 * Lambda gives region and credentials by the environment, and there are no config files: all that the SDK
 * would look up in files and metadata services is said here. `AWS_ENDPOINT_URL` is the local stack.
 */
export function sdkClientOptions(limits: AwsClientLimits = {}) {
  const region = readOptionalEnv('AWS_REGION');
  const endpoint = readOptionalEnv('AWS_ENDPOINT_URL');
  const noPreference: string[] = [];
  return {
    ...awsClientOptions(limits),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    credentials: async () => environmentCredentials(),
    ignoreConfiguredEndpointUrls: true,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    defaultsMode: 'standard',
    retryMode: 'standard',
    // None: the names of the services say which function calls.
    userAgentAppId: '',
    authSchemePreference: noPreference,
  } as const;
}
