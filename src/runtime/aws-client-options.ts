export interface AwsClientLimits {
  /** One attempt: until the answer begins, and then between any two pieces of it. */
  readonly requestTimeoutMs?: number;
  /** First try included. */
  readonly maxAttempts?: number;
}

/**
 * Settings for an AWS client that calls a service in its own region: answers come within milliseconds,
 * so a silent connection is given up early and tried again, well before the function's caller gives up.
 */
export function awsClientOptions({
  requestTimeoutMs = 2_000,
  maxAttempts = 3,
}: AwsClientLimits = {}) {
  return {
    maxAttempts,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: requestTimeoutMs,
      // For an answer that stops in the middle: the SDK alone would wait for as long as a function lives.
      socketTimeout: requestTimeoutMs,
      // Without it the SDK only prints a warning and waits on.
      throwOnRequestTimeout: true,
    },
  };
}
