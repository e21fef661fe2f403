import { RemovalPolicy } from 'aws-cdk-lib';
import type { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type DomainMappingOptions,
  type HttpApi,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface LoggedStageProps {
  readonly api: HttpApi;
  /** Of all routes together. */
  readonly throttle: { readonly requestsPerSecond: number; readonly burst: number };
  readonly logRetention: RetentionDays;
  readonly format: AccessLogFormat;
  /** @default - the execute-api address */
  readonly domainMapping?: DomainMappingOptions;
}

/** The stage of an HTTP API: deployed by itself, throttled, with its access logs. */
export class LoggedStage extends HttpStage {
  constructor(scope: Construct, id: string, props: LoggedStageProps) {
    const { api, throttle, logRetention, format, domainMapping } = props;
    super(scope, id, {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(scope, 'AccessLogs', {
            retention: logRetention,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        format,
      },
      ...(domainMapping && { domainMapping }),
    });
  }
}
