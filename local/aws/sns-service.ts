import { isObject, textAt } from '#domain/json.ts';
import { snsApi, snsError } from '../sns/sns-api.ts';
import type { SnsModel } from '../sns/sns-model.ts';
import type { AwsService, ServiceRefusals } from './aws-service.ts';
import { parseObject } from './json-api.ts';
import { type KeyBook, keyAccess } from './key-access.ts';

/** Loopback stands for the TLS that AWS is reached by. */
const CONTEXT = { 'aws:SecureTransport': 'true' };

/** SNS, which speaks the query protocol: judged on the topic, and on the key that encrypts it. */
export function snsService(
  sns: SnsModel,
  { region, keys }: { readonly region: string; readonly keys: KeyBook },
): AwsService {
  return {
    peer: 'sns',
    queryVersion: '2010-03-31',
    targetPrefix: 'AmazonSimpleNotificationService.',
    contentType: 'text/xml',
    api: snsApi(sns),
    refusals: REFUSALS,
    refuse: ({ status, code, message }) => snsError(status, code, message),
    permissions(operation, input) {
      const resource = textAt(input, 'TopicArn') ?? '*';
      const policy = parseObject(sns.policyOf(resource) ?? '{}') ?? {};
      const resourceStatements = [policy['Statement']].flat().filter(isObject);
      return [
        { action: `sns:${operation}`, resource, context: CONTEXT, resourceStatements },
        ...keyAccess(keys, resource, 'write', {
          service: 'sns',
          region,
          encryptionContext: { 'aws:sns:topicArn': resource },
        }),
      ];
    },
  };
}

const REFUSALS: ServiceRefusals = {
  accessDenied: { status: 403, code: 'AuthorizationError' },
  keyAccessDenied: { status: 400, code: 'KMSAccessDenied' },
  unknownAccessKey: { status: 403, code: 'InvalidClientTokenId' },
  missingAccessKey: { status: 403, code: 'MissingAuthenticationToken' },
  throttled: { status: 400, code: 'Throttling', message: 'Rate exceeded' },
  failed: { code: 'InternalError', message: 'An internal error occurred in SNS.' },
};
