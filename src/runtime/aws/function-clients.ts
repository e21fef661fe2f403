import type { AwsJsonRpcProtocol } from '@aws-sdk/core/protocols';
import { StandardRetryStrategy } from '@smithy/core/retry';
import type { MetadataBearer } from '@smithy/types';
import { type AwsClientLimits, awsClientOptions } from '#runtime/aws-client-options.ts';
import { readEnv, readOptionalEnv } from '#runtime/env.ts';
import { AwsConnection } from './aws-connection.ts';
import type { AwsSender } from './aws-sender.ts';
import { FunctionClient } from './function-client.ts';
import type { PlainJson } from './plain-json.ts';
import { environmentCredentials, RequestSigner } from './request-signer.ts';

/** One connection pool for all services. Nothing is connected before the first call. */
const connection = new AwsConnection(awsClientOptions().requestHandler);

export interface ServiceDescription {
  /** As it is named in addresses and signatures, such as `dynamodb`. */
  readonly name: string;
  readonly protocol: AwsJsonRpcProtocol;
  readonly plain?: PlainJson;
  /** Before the first retry; the SDK has it as 50, and 25 for DynamoDB. */
  readonly baseDelayMs?: number;
  /** How often a call is tried; as always where nothing is said. */
  readonly limits: Pick<AwsClientLimits, 'maxAttempts'>;
}

/**
 * A client by what Lambda tells: the region, the role's credentials, and `AWS_ENDPOINT_URL` locally.
 * @throws MissingEnvironmentError where there is no region
 */
export function functionClient<Inputs extends object, Outputs extends MetadataBearer>({
  name,
  protocol,
  plain,
  baseDelayMs = 50,
  limits: given,
}: ServiceDescription): AwsSender<Inputs, Outputs> {
  const { maxAttempts } = awsClientOptions(given);
  const { AWS_REGION: region } = readEnv(['AWS_REGION']);
  return new FunctionClient({
    protocol,
    plain,
    endpoint: readOptionalEnv('AWS_ENDPOINT_URL') ?? endpointOf(name, region),
    signer: new RequestSigner({ credentials: environmentCredentials, region, service: name }),
    connection,
    retries: new StandardRetryStrategy({ maxAttempts, baseDelay: baseDelayMs }),
  });
}

/** Where regions of this beginning have their services; all others have them at `amazonaws.com`. */
const DOMAINS = { 'cn-': 'amazonaws.com.cn', 'eusc-': 'amazonaws.eu' };

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function endpointOf(service: string, region: string): string {
  const other = Object.entries(DOMAINS).find(([beginning]) => region.startsWith(beginning));
  return `https://${service}.${region}.${other?.[1] ?? 'amazonaws.com'}`;
}
