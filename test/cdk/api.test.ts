import { describe, expect, it } from 'vitest';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { functionsOf, statementsOf } from '../support/template-functions.ts';
import { inWords } from '../support/template-text.ts';

const templates = synthesizeStage('prod');
const { service } = templates;

/** Route key to the function that answers it. */
function routes(): Record<string, string> {
  const integrations = service.findResources('AWS::ApiGatewayV2::Integration');
  const entries = Object.values(service.findResources('AWS::ApiGatewayV2::Route')).map((route) => {
    const { RouteKey, Target } = route['Properties'];
    const integration = integrations[Target['Fn::Join'][1][1].Ref];
    return [RouteKey, inWords(templates, integration?.['Properties'].IntegrationUri)];
  });
  return Object.fromEntries(entries);
}

it('routes webhooks to ingest, health checks to health, businesses’ calls to business, and nothing else', () => {
  expect(routes()).toEqual({
    'GET /webhook': 'IngestLiveAlias',
    'POST /webhook': 'IngestLiveAlias',
    'GET /webhook/{app}': 'IngestLiveAlias',
    'POST /webhook/{app}': 'IngestLiveAlias',
    'GET /healthz': 'HealthFunction.Arn',
    'GET /readyz': 'HealthFunction.Arn',
    'GET /chats': 'BusinessFunction.Arn',
    'GET /chats/{contact}': 'BusinessFunction.Arn',
    'POST /chats/{contact}/messages': 'BusinessFunction.Arn',
    'POST /chats/{contact}/take': 'BusinessFunction.Arn',
    'POST /chats/{contact}/release': 'BusinessFunction.Arn',
  });
});

it('asks for a signature by IAM on every route of the business API, and on no other', () => {
  for (const { Properties } of Object.values(service.findResources('AWS::ApiGatewayV2::Route'))) {
    const isOfBusinesses = Properties.RouteKey.includes('/chats');
    expect(inWords(templates, Properties.ApiId)).toBe(
      isOfBusinesses ? 'BusinessApi' : 'WebhookApi',
    );
    expect(Properties.AuthorizationType).toBe(isOfBusinesses ? 'AWS_IAM' : 'NONE');
  }
});

it('logs who calls the business API, and no contact, which is in its paths', () => {
  const stages = Object.entries(service.findResources('AWS::ApiGatewayV2::Stage'));
  const [, stage] = stages.find(([id]) => id.startsWith('BusinessApi')) ?? [];
  const fields = Object.values(JSON.parse(stage?.['Properties'].AccessLogSettings.Format));
  expect(fields).toContain('$context.identity.userArn');
  expect(fields).toContain('$context.routeKey');
  expect(fields.filter((each) => /path|query/i.test(String(each)))).toEqual([]);
});

it('announces notices on a topic that is encrypted with the stage’s key, over TLS only', () => {
  const topics = Object.entries(service.findResources('AWS::SNS::Topic'));
  const [, topic] = topics.find(([id]) => id.startsWith('Notices')) ?? [];
  expect(inWords(templates, topic?.['Properties'].KmsMasterKeyId)).toBe('Key.Arn');
  const policies = Object.entries(service.findResources('AWS::SNS::TopicPolicy'));
  const [, policy] = policies.find(([id]) => id.startsWith('Notices')) ?? [];
  expect(policy?.['Properties'].PolicyDocument.Statement).toMatchObject([
    { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  ]);
});

it('hands functions the second version of the payload, with the raw body', () => {
  service.allResourcesProperties('AWS::ApiGatewayV2::Integration', {
    IntegrationType: 'AWS_PROXY',
    PayloadFormatVersion: '2.0',
  });
});

it('may call each function on its own paths only', () => {
  const permissions = Object.values(service.findResources('AWS::Lambda::Permission'))
    .map(({ Properties }) => Properties)
    .filter(({ Principal }) => Principal === 'apigateway.amazonaws.com')
    .map(({ FunctionName, SourceArn }) => {
      const path = inWords(templates, SourceArn).split(/(?:Webhook|Business)Api\/\*\/\*/)[1];
      return `${inWords(templates, FunctionName)} ${path}`;
    });
  // One permission covers both methods of a path.
  expect([...new Set(permissions)].sort()).toEqual([
    'BusinessFunction.Arn /chats',
    'BusinessFunction.Arn /chats/{contact}',
    'BusinessFunction.Arn /chats/{contact}/messages',
    'BusinessFunction.Arn /chats/{contact}/release',
    'BusinessFunction.Arn /chats/{contact}/take',
    'HealthFunction.Arn /healthz',
    'HealthFunction.Arn /readyz',
    'IngestLiveAlias /webhook',
    'IngestLiveAlias /webhook/{app}',
  ]);
});

it('is throttled as the stage says', () => {
  const { requestsPerSecond, burst } = deployments.prod.api.throttle;
  service.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    StageName: '$default',
    AutoDeploy: true,
    DefaultRouteSettings: {
      ThrottlingRateLimit: requestsPerSecond,
      ThrottlingBurstLimit: burst,
    },
  });
});

it('logs each request without the query string, where the verify token is', () => {
  const stages = Object.entries(service.findResources('AWS::ApiGatewayV2::Stage'));
  const [, stage] = stages.find(([id]) => id.startsWith('Webhook')) ?? [];
  const settings = stage?.['Properties'].AccessLogSettings;
  expect(inWords(templates, settings.DestinationArn)).toBe('WebhookAccessLogs.Arn');
  expect(Object.values(JSON.parse(settings.Format))).toEqual([
    '$context.requestId',
    '$context.requestTimeEpoch',
    '$context.routeKey',
    '$context.status',
    '$context.responseLatency',
    '$context.integrationLatency',
    '$context.integrationErrorMessage',
    '$context.responseLength',
    '$context.identity.sourceIp',
  ]);
});

it('runs the sweeper every minute, may call it, and never twice for one minute', () => {
  const [rule] = Object.values(service.findResources('AWS::Events::Rule'));
  expect(rule?.['Properties']).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
  });
  expect(inWords(templates, rule?.['Properties'].Targets[0].Arn)).toBe('SweeperFunction.Arn');
  const [permission] = Object.values(service.findResources('AWS::Lambda::Permission'))
    .map(({ Properties }) => Properties)
    .filter(({ Principal }) => Principal === 'events.amazonaws.com');
  expect(inWords(templates, permission.FunctionName)).toBe('SweeperFunction.Arn');
  expect(inWords(templates, permission.SourceArn)).toBe('SweeperEveryMinute.Arn');
  service.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  });
});

it('is open to the world at its own address when no domain is configured', () => {
  service.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
  service.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: false });
});

describe('with a domain of its own', () => {
  const truststore = { bucket: 'trust', key: 'meta-outbound-api-ca-2025-12.pem', version: 'v7' };
  const certificateArn = 'arn:aws:acm:eu-central-1:111122223333:certificate/1b2c';
  const clientSecret =
    'arn:aws:secretsmanager:eu-central-1:111122223333:secret:canary/client-a1B2c3';
  const withDomain = synthesizeStage('prod', {
    canary: { everyMinutes: 5, clientCertificateSecretArn: clientSecret },
    api: {
      ...deployments.prod.api,
      domain: { name: 'hooks.example.com', certificateArn, truststore },
    },
  });

  it('connects only callers with a certificate of the truststore', () => {
    withDomain.service.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'hooks.example.com',
      DomainNameConfigurations: [
        { CertificateArn: certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
      MutualTlsAuthentication: {
        TruststoreUri: 's3://trust/meta-outbound-api-ca-2025-12.pem',
        TruststoreVersion: 'v7',
      },
    });
    withDomain.service.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
  });

  it('closes the address that would be the way round it', () => {
    withDomain.service.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      DisableExecuteApiEndpoint: true,
    });
  });

  it('gives the canary the certificate that it needs to get in, and no other secret', () => {
    const canary = functionsOf(withDomain).get('canary');
    expect(canary?.properties.Environment.Variables).toMatchObject({
      WEBHOOK_URL: 'https://hooks.example.com/webhook',
      CLIENT_CERTIFICATE_SECRET_ARN: clientSecret,
    });
    const read = canary ? statementsOf(withDomain, canary) : [];
    const secrets = read
      .filter(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue'))
      .flatMap(({ Resource }) => [Resource].flat())
      .map((each) => inWords(withDomain, each));
    expect(secrets.sort()).toEqual(['PlatformSecret', clientSecret]);
  });

  it('tells the operator the callback URL and where to point the name', () => {
    withDomain.service.hasOutput('WebhookUrl', { Value: 'https://hooks.example.com/webhook' });
    withDomain.service.hasOutput('DomainTarget', {});
  });
});
