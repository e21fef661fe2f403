import { describe, expect, it } from 'vitest';
import type { CountMetric, DurationMetric, GaugeMetric } from '#app/ports/metrics.ts';
import { stageNames } from '#lib/config/stages.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { alarmsOf, metricsOf } from '../support/template-alarms.ts';
import { functionsOf } from '../support/template-functions.ts';
import { inWords, nameOf } from '../support/template-text.ts';

/** The functions' own metrics that are watched, and whose they are. */
const ownMetrics: readonly (readonly [CountMetric | DurationMetric | GaugeMetric, string])[] = [
  ['SignaturesRejected', 'ingest'],
  ['MessagesUnbound', 'ingest'],
  ['MessagesAccepted', 'ingest'],
  ['MessagesReopened', 'processor'],
  ['MessagesBroken', 'processor'],
  ['MessagesFinished', 'processor'],
  ['MessagesRecorded', 'processor'],
  ['MessagesErased', 'processor'],
  ['MessagesParked', 'processor'],
  ['ChatsFailed', 'processor'],
  ['ModelFailures', 'processor'],
  ['ModelAnswers', 'processor'],
  ['ModelQuotaExhausted', 'processor'],
  ['ModelUnusable', 'processor'],
  ['ModelCircuit', 'processor'],
  ['SendsToRetry', 'processor'],
  ['SendsNeedingFix', 'processor'],
  ['SendsAmbiguous', 'processor'],
  ['SendsGivenUp', 'processor'],
  ['BubblesSent', 'processor'],
  ['GraphCircuit', 'processor'],
  ['TokensRefused', 'processor'],
  ['RepliesWithheld', 'processor'],
  ['TranscriptionUnusable', 'processor'],
  ['PlatformBudgetStops', 'processor'],
  ['TenantBudgetStops', 'processor'],
  ['BudgetWarnings', 'processor'],
  ['OldestUnfinishedAge', 'sweeper'],
  ['PlatformSecretAge', 'health'],
  ['CanaryFailures', 'canary'],
];

/** What the application asks of a table (lib/functions/state-access.ts). */
const operations = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'];

function backupMetrics(vault: string): readonly string[] {
  const inVault = ['JobsFailed', 'JobsAborted', 'JobsExpired', 'JobsCompleted'];
  return [
    ...inVault.map((state) => `NumberOfBackup${state} of ${vault}`),
    `NumberOfCopyJobsFailed of ${vault}`,
    'NumberOfRestoreJobsFailed of DynamoDB',
  ];
}

describe.each(stageNames)('what is watched in %s', (stage) => {
  const templates = synthesizeStage(stage);
  const { service, stateful } = templates;
  const watched = new Set(
    alarmsOf(templates)
      .filter(({ kind }) => kind === 'metric')
      .flatMap((alarm) => metricsOf(templates, alarm))
      .map(({ name, of }) => `${name} of ${of.join(' ')}`),
  );

  function namesOf(type: string, template = service): readonly string[] {
    return Object.keys(template.findResources(type)).map(nameOf);
  }

  /** By itself, or by one of its aliases. */
  function leadsTo(functionId: string, uri: string): boolean {
    const aliases = Object.entries(service.findResources('AWS::Lambda::Alias'))
      .filter(([, { Properties }]) => JSON.stringify(Properties.FunctionName).includes(functionId))
      .map(([id]) => id);
    return [functionId, ...aliases].some((id) => uri.includes(`"${id}"`));
  }

  const functions = [...functionsOf(templates).values()];
  const apis = namesOf('AWS::ApiGatewayV2::Api');

  it('is every queue, function, table and API, the functions’ own metrics, and the watch itself', () => {
    const queues = Object.entries(service.findResources('AWS::SQS::Queue')).map(([id, queue]) =>
      queue['Properties'].RedrivePolicy
        ? `ApproximateAgeOfOldestMessage of ${nameOf(id)}.QueueName`
        : `ApproximateNumberOfMessagesVisible of ${nameOf(id)}.QueueName`,
    );
    const ofFunctions = functions.flatMap(({ folder, logicalId, properties }) => [
      // The canary is called once in minutes: its own alarm takes its silence for a failure.
      ...(folder === 'canary' ? [] : ['Errors', 'Throttles', 'Duration']).map(
        (metric) => `${metric} of ${nameOf(logicalId)}`,
      ),
      ...(properties.ReservedConcurrentExecutions
        ? [`ConcurrentExecutions of ${nameOf(logicalId)}`]
        : []),
      `EMFValidationErrors of ${inWords(templates, properties.LoggingConfig.LogGroup)}`,
    ]);
    const tables = namesOf('AWS::DynamoDB::Table', stateful).flatMap((table) =>
      ['ThrottledRequests', 'SystemErrors'].flatMap((metric) =>
        operations.map((operation) => `${metric} of ${operation} ${table}`),
      ),
    );
    const topics = namesOf('AWS::SNS::Topic')
      .filter((topic) => topic.startsWith('Alarms'))
      .map((topic) => `NumberOfNotificationsFailed of ${topic}.TopicName`);
    // Of the version that is being released alone.
    const releases = ['IngestFunction', 'ProcessorFunction'].map((name) => {
      const version = namesOf('AWS::Lambda::Version').find((each) => each.startsWith(name));
      return `Errors of ${version}.Version ${name} ${name}:live`;
    });
    const expected = [
      ...queues,
      ...releases,
      ...ofFunctions,
      ...tables,
      ...topics,
      ...apis.map((api) => `5xx of ${api}`),
      // Of the webhook: rates need to know of how many, and Meta measures how long it waits.
      'Count of WebhookApi',
      'Latency of WebhookApi',
      'Invocations of IngestFunction',
      ...ownMetrics.map(([metric, service]) => `${metric} of ${service}`),
      `DeploymentRunning of ${stage}`,
      ...(deployments[stage].recovery.backups ? backupMetrics(`concierge-${stage}`) : []),
    ];
    expect([...watched].sort()).toEqual([...new Set(expected)].sort());
  });

  it('is both ends of every route: its API, and the function behind it', () => {
    const routes = Object.values(service.findResources('AWS::ApiGatewayV2::Route'));
    const integrations = service.findResources('AWS::ApiGatewayV2::Integration');
    expect(routes.length).toBeGreaterThan(5);
    for (const { Properties } of routes) {
      expect(watched).toContain(`5xx of ${inWords(templates, Properties.ApiId)}`);
      const integration = Properties.Target['Fn::Join'][1].find(
        (part: unknown) => typeof part === 'object',
      ).Ref;
      const uri = JSON.stringify(integrations[integration]?.['Properties'].IntegrationUri);
      const found = functions.filter(({ logicalId }) => leadsTo(logicalId, uri));
      expect(found, Properties.RouteKey).toHaveLength(1);
      expect(watched).toContain(`Errors of ${nameOf(found[0]?.logicalId ?? '')}`);
    }
  });

  it('is where the functions publish it', () => {
    const names: readonly string[] = ownMetrics.map(([metric]) => metric);
    const metrics = alarmsOf(templates)
      .filter(({ kind }) => kind === 'metric')
      .flatMap((alarm) => metricsOf(templates, alarm));
    for (const { name, namespace, of } of metrics.filter((each) => names.includes(each.name))) {
      const publisher = functions.find(({ folder }) => folder === of[0]);
      const { Variables } = publisher?.properties.Environment ?? {};
      expect(Variables?.POWERTOOLS_METRICS_NAMESPACE, name).toBe(namespace);
    }
  });
});

it('is nothing that another stage publishes in the same account', () => {
  const watched = stageNames.map((stage) => {
    const templates = synthesizeStage(stage);
    return alarmsOf(templates)
      .filter(({ kind }) => kind === 'metric')
      .flatMap((alarm) => metricsOf(templates, alarm))
      .filter(({ namespace }) => !namespace.startsWith('AWS/'))
      .map(({ namespace, name, of }) => `${namespace} ${name} of ${of.join(' ')}`);
  });
  const all = watched.flatMap((metrics) => [...new Set(metrics)]);
  expect(all.length).toBeGreaterThan(3 * 30);
  expect(new Set(all).size).toBe(all.length);
});
