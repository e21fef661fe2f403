import { Duration } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { businessRoutes } from '#lambdas/business/config.ts';
import { HouseAlarm } from '../alarms/house-alarm.ts';
import type { StageConfig } from '../config/stages.ts';
import { stationOfApi } from '../dashboard/api-station.ts';
import type { Station } from '../dashboard/station.ts';
import { LoggedStage } from './logged-stage.ts';

export interface BusinessApiProps {
  readonly config: StageConfig;
  readonly business: IFunction;
}

/** People who answer chats, and the programs between: far more than they need, and a bound for a loop. */
const THROTTLE = { requestsPerSecond: 50, burst: 100 };

/**
 * The HTTP API that businesses' programs call, every route of it signed by IAM. Apart from the webhook's,
 * which may be behind a certificate that only Meta has, and which nobody's flood of calls may slow down.
 */
export class BusinessApi extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, { config, business }: BusinessApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: `concierge-${config.stage}-business`,
      description: `WhatsApp Concierge, ${config.stage}: a person takes over`,
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    const integration = new HttpLambdaIntegration('Business', business);
    for (const { method, path } of businessRoutes) {
      this.api.addRoutes({ path, methods: [HttpMethod[method]], integration });
    }
    new LoggedStage(this, 'Stage', {
      api: this.api,
      throttle: THROTTLE,
      logRetention: config.logRetentionDays,
      format: accessLogFormat,
    });
    new HouseAlarm(this, 'ServerErrors', {
      name: 'business-api-server-errors',
      impact: 'People of the businesses cannot take chats over or answer them by their programs.',
      through: 'business-api-failing',
      metric: this.api.metricServerError({ period: Duration.minutes(1), statistic: 'Sum' }),
      above: 0,
      periods: { bad: 3, of: 5 },
      missingData: TreatMissingData.NOT_BREACHING,
    });
  }

  get station(): Station {
    return stationOfApi('business API', this.api);
  }
}

/** The route and not the path, which has the contact in it; who it was that called. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    at: AccessLogField.contextRequestTimeEpoch(),
    routeKey: AccessLogField.contextRouteKey(),
    userArn: AccessLogField.contextIdentityUserArn(),
    status: AccessLogField.contextStatus(),
    latencyMs: AccessLogField.contextResponseLatency(),
    integrationError: '$context.integrationErrorMessage',
    sourceIp: AccessLogField.contextIdentitySourceIp(),
  }),
);
