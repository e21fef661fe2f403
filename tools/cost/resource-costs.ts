/** Raised for a template with something in it whose price nobody has looked up: the bill would lack it. */
class UnknownCostError extends Error {
  override readonly name = 'UnknownCostError';
}

/**
 * Every type of resource that a template may have: `by use` costs what is done with it, which the measured
 * figures tell; `by being there` costs each month, and deployed.ts counts it; `nothing` is not billed.
 */
const RESOURCE_COSTS: Readonly<Record<string, 'by use' | 'by being there' | 'nothing'>> = {
  'AWS::ApiGatewayV2::Api': 'by use',
  'AWS::ApiGatewayV2::ApiMapping': 'nothing',
  'AWS::ApiGatewayV2::DomainName': 'nothing',
  'AWS::ApiGatewayV2::Integration': 'nothing',
  'AWS::ApiGatewayV2::Route': 'nothing',
  'AWS::ApiGatewayV2::Stage': 'by use',
  'AWS::Backup::BackupPlan': 'by being there',
  'AWS::Backup::BackupSelection': 'nothing',
  'AWS::Backup::BackupVault': 'nothing',
  'AWS::Backup::RestoreTestingPlan': 'by being there',
  'AWS::Backup::RestoreTestingSelection': 'nothing',
  'AWS::CDK::Metadata': 'nothing',
  'AWS::CloudWatch::Alarm': 'by being there',
  'AWS::CloudWatch::CompositeAlarm': 'by being there',
  'AWS::CloudWatch::Dashboard': 'by being there',
  // Of functions, that is; it asks for servers of one's own only.
  'AWS::CodeDeploy::Application': 'nothing',
  'AWS::CodeDeploy::DeploymentConfig': 'nothing',
  'AWS::CodeDeploy::DeploymentGroup': 'nothing',
  'AWS::DynamoDB::GlobalTable': 'by use',
  'AWS::DynamoDB::Table': 'by use',
  // What a clock fires is free; what it fires is not.
  'AWS::Events::Rule': 'by being there',
  'AWS::IAM::ManagedPolicy': 'nothing',
  'AWS::IAM::OIDCProvider': 'nothing',
  'AWS::IAM::Policy': 'nothing',
  'AWS::IAM::Role': 'nothing',
  'AWS::KMS::Alias': 'nothing',
  'AWS::KMS::Key': 'by being there',
  'AWS::Lambda::Alias': 'nothing',
  'AWS::Lambda::EventInvokeConfig': 'nothing',
  'AWS::Lambda::EventSourceMapping': 'by being there',
  'AWS::Lambda::Function': 'by use',
  'AWS::Lambda::Permission': 'nothing',
  'AWS::Lambda::Version': 'nothing',
  'AWS::Logs::LogGroup': 'by use',
  'AWS::Logs::MetricFilter': 'nothing',
  'AWS::Logs::QueryDefinition': 'nothing',
  'AWS::S3::Bucket': 'by use',
  'AWS::S3::BucketPolicy': 'nothing',
  'AWS::SNS::Subscription': 'nothing',
  'AWS::SNS::Topic': 'by use',
  'AWS::SNS::TopicPolicy': 'nothing',
  'AWS::SQS::Queue': 'by use',
  'AWS::SQS::QueuePolicy': 'nothing',
  'AWS::SecretsManager::Secret': 'by being there',
};

/** @throws UnknownCostError */
export function demandKnownCosts(types: readonly string[]): void {
  const unknown = new Set(types.filter((type) => !Object.hasOwn(RESOURCE_COSTS, type)));
  if (unknown.size === 0) return;
  throw new UnknownCostError(
    `Look up what AWS asks for ${[...unknown].join(', ')}, and put it into tools/cost/resource-costs.ts`,
  );
}
