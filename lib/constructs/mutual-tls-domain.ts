import { CfnOutput, Stack } from 'aws-cdk-lib';
import { DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { DomainConfig } from '../config/stages.ts';

/**
 * A host name on which only callers with a certificate of the truststore connect. With Meta's own
 * CA in the truststore that is Meta alone, before a byte of a body is read.
 */
export class MutualTlsDomain extends Construct {
  readonly domainName: DomainName;

  constructor(scope: Construct, id: string, config: DomainConfig) {
    super(scope, id);
    const { bucket, key, version } = config.truststore;
    this.domainName = new DomainName(this, 'Name', {
      domainName: config.name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', config.certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
      mtls: {
        bucket: Bucket.fromBucketName(this, 'Truststore', bucket),
        key,
        ...(version !== undefined && { version }),
      },
    });
    new CfnOutput(Stack.of(this), 'DomainTarget', {
      value: this.domainName.regionalDomainName,
      description: `Point the DNS record of ${config.name} here`,
    });
  }
}
