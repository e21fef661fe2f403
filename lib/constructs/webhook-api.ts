import { Duration, Validations } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { type Alarm, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { StageConfig } from '../config/stages.ts';
import type { Station } from '../dashboard/station.ts';
import { stationOfApi } from './api-station.ts';
import { HouseAlarm } from './house-alarm.ts';
import { LoggedStage } from './logged-stage.ts';
import { MutualTlsDomain } from './mutual-tls-domain.ts';
import { percentAmong } from './rates.ts';

export interface WebhookApiProps {
  readonly config: StageConfig;
  readonly ingest: IFunction;
  readonly health: IFunction;
}

/** The HTTP API that Meta calls, and the two addresses that tell whether it is well. */
export class WebhookApi extends Construct {
  readonly api: HttpApi;
  /** Where the API is reached, without a slash at the end. */
  readonly url: string;
  /** A new version of ingest that sets one of these off is taken back. */
  readonly rollbackAlarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: WebhookApiProps) {
    super(scope, id);
    const { config, ingest, health } = props;
    const domain =
      config.api.domain && new MutualTlsDomain(this, 'Domain', config.api.domain).domainName;
    this.api = new HttpApi(this, 'Api', {
      apiName: `concierge-${config.stage}`,
      description: `WhatsApp Concierge, ${config.stage}`,
      createDefaultStage: false,
      // With mutual TLS the open address would be the way round it.
      disableExecuteApiEndpoint: domain !== undefined,
    });

    const toIngest = new HttpLambdaIntegration('Ingest', ingest);
    const toHealth = new HttpLambdaIntegration('Health', health);
    for (const path of ['/webhook', '/webhook/{app}']) {
      this.#route(path, [HttpMethod.GET, HttpMethod.POST], toIngest);
    }
    this.#route('/healthz', [HttpMethod.GET], toHealth);
    this.#route('/readyz', [HttpMethod.GET], toHealth);

    new LoggedStage(this, 'Stage', {
      api: this.api,
      throttle: config.api.throttle,
      logRetention: config.logRetentionDays,
      format: accessLogFormat,
      ...(domain && { domainMapping: { domainName: domain } }),
    });
    this.url = config.api.domain ? `https://${config.api.domain.name}` : this.api.apiEndpoint;

    this.rollbackAlarms = [this.#watchErrorRate()];
    this.#watchServerErrors();
    this.#watchLatency();
  }

  /** What Meta sees: three in five minutes at least, so that one at night says nothing. */
  #watchErrorRate(): HouseAlarm {
    const period = Duration.minutes(5);
    const sums = { period, statistic: Stats.SUM };
    return new HouseAlarm(this, 'ErrorRate', {
      name: 'webhook-error-rate',
      impact:
        'More than one webhook in a hundred is refused; Meta sends it again, and answers are late.',
      through: 'webhooks-refused',
      runbook: 'webhooks-refused',
      metric: percentAmong(
        { bad: this.api.metricServerError(sums), all: this.api.metricCount(sums) },
        { atLeast: 3, period, label: '% of requests answered 5xx' },
      ),
      above: 1,
      periods: { bad: 1, of: 2 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  #watchServerErrors(): void {
    new HouseAlarm(this, 'ServerErrors', {
      name: 'api-server-errors',
      impact: 'Webhooks are refused now and then; Meta sends them again later.',
      through: 'webhooks-unsteady',
      metric: this.api.metricServerError({ period: Duration.minutes(1), statistic: Stats.SUM }),
      above: 0,
      periods: { bad: 3, of: 5 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /**
   * Meta wants fewer than one in a hundred above a second. Of fewer than a hundred requests one cold start
   * would be that: there half of them have to be slow.
   */
  #watchLatency(): void {
    const period = Duration.minutes(5);
    new HouseAlarm(this, 'Slow', {
      name: 'webhook-slow',
      impact:
        'One webhook in a hundred takes more than a second; Meta slows down what it sends us.',
      through: 'webhooks-unsteady',
      metric: new MathExpression({
        expression: 'IF(requests >= 100, p99, IF(requests >= 10, p50, 0))',
        usingMetrics: {
          requests: this.api.metricCount({ period, statistic: Stats.SUM }),
          p99: this.api.metricLatency({ period, statistic: Stats.percentile(99) }),
          p50: this.api.metricLatency({ period, statistic: Stats.percentile(50) }),
        },
        period,
        label: 'milliseconds that nearly all stay below',
      }),
      above: Duration.seconds(1).toMilliseconds(),
      periods: { bad: 2, of: 3 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  get station(): Station {
    return stationOfApi('webhook API', this.api);
  }

  #route(path: string, methods: HttpMethod[], integration: HttpLambdaIntegration): void {
    for (const route of this.api.addRoutes({ path, methods, integration })) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'Meta cannot log in: a webhook proves itself by the signature over its body, the verification request by its token; health tells nothing about customers.',
      });
    }
  }
}

/**
 * No field of the query string: there the verification request carries its token. No body either:
 * API Gateway logs none.
 */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    at: AccessLogField.contextRequestTimeEpoch(),
    routeKey: AccessLogField.contextRouteKey(),
    status: AccessLogField.contextStatus(),
    latencyMs: AccessLogField.contextResponseLatency(),
    integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
    integrationError: '$context.integrationErrorMessage',
    responseLength: AccessLogField.contextResponseLength(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
  }),
);
