import type { LogStore } from '../logs/log-store.ts';
import { logsApi } from '../logs/logs-api.ts';
import type { AwsService, ServiceRefusals } from './aws-service.ts';
import { apiError } from './json-api.ts';

/** CloudWatch Logs as the operator asks it. Functions only write, to their standard output. */
export function logsService(store: LogStore): AwsService {
  return {
    // No fault meets the operator, and nobody else has to do with it.
    peer: 'dynamodb',
    targetPrefix: 'Logs_20140328.',
    contentType: 'application/x-amz-json-1.1',
    api: logsApi(store),
    refusals: REFUSALS,
    refuse: ({ status, code, message }) => apiError(status, code, message),
    permissions: (operation) => [{ action: `logs:${operation}`, resource: '*' }],
  };
}

const REFUSALS: ServiceRefusals = {
  accessDenied: { status: 400, code: 'AccessDeniedException' },
  keyAccessDenied: { status: 400, code: 'AccessDeniedException' },
  unknownAccessKey: { status: 400, code: 'UnrecognizedClientException' },
  missingAccessKey: { status: 400, code: 'MissingAuthenticationTokenException' },
  throttled: { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' },
  failed: { code: 'ServiceUnavailableException', message: 'The service cannot answer now.' },
};
