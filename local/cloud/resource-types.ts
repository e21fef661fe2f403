import { generatedName, stableToken } from './physical-names.ts';

/** What a resource needs to know to say under which name and ARN it goes. */
interface ResourceContext {
  readonly logicalId: string;
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  /** Where all AWS services answer here; queue URLs start with it. */
  readonly awsUrl: string;
  /** Where the APIs answer here; undefined = nowhere, and they have an address of the cloud. */
  readonly apiUrl: string | undefined;
  /** A property that names the resource, resolved; undefined where the template leaves it open. */
  named(property: string): string | undefined;
}

/** What `Ref` and `Fn::GetAtt` give. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Secrets Manager ends every ARN with six characters of its own; here with the same ones for all, so
 * that a secret's ARN is known before it is created.
 */
export const SECRET_ARN_SUFFIX = 'a1B2c3';

interface ResourceType {
  /**
   * `runs`: it is brought up here. `harmless`: nothing in the running of the application depends on
   * it. What is neither is an error, so that nothing of a template is skipped silently.
   */
  readonly here: 'runs' | 'harmless';
  identify(context: ResourceContext): Identity;
}

function arn(context: ResourceContext, service: string, resource: string): string {
  return `arn:aws:${service}:${context.region}:${context.account}:${resource}`;
}

/** A resource whose `Ref` is its name, and whose ARN is made of it. */
function nameAndArn(
  context: ResourceContext,
  nameProperty: string,
  arnOf: (name: string) => string,
  maximumLength?: number,
): Identity {
  const name =
    context.named(nameProperty) ??
    generatedName(context.stackName, context.logicalId, maximumLength);
  return { ref: name, attributes: { Arn: arnOf(name) } };
}

/** A resource that other resources name only by an id that AWS makes. */
function idOnly({ stackName, logicalId }: ResourceContext): Identity {
  return { ref: stableToken(`${stackName}/${logicalId}`, 10), attributes: {} };
}

function identifyTable(context: ResourceContext): Identity {
  return nameAndArn(context, 'TableName', (name) => arn(context, 'dynamodb', `table/${name}`));
}

function identifyQueue(context: ResourceContext): Identity {
  const ending = context.named('FifoQueue') === 'true' ? '.fifo' : '';
  const name =
    context.named('QueueName') ??
    generatedName(context.stackName, context.logicalId, 80 - ending.length) + ending;
  return {
    ref: `${context.awsUrl}/${context.account}/${name}`,
    attributes: { Arn: arn(context, 'sqs', name), QueueName: name },
  };
}

function identifySecret(context: ResourceContext): Identity {
  const name = context.named('Name') ?? generatedName(context.stackName, context.logicalId);
  const secretArn = arn(context, 'secretsmanager', `secret:${name}-${SECRET_ARN_SUFFIX}`);
  return { ref: secretArn, attributes: { Id: secretArn } };
}

function identifyApi(context: ResourceContext): Identity {
  const id = idOnly(context).ref;
  const ApiEndpoint = context.apiUrl ?? `https://${id}.execute-api.${context.region}.amazonaws.com`;
  return { ref: id, attributes: { ApiId: id, ApiEndpoint } };
}

function identifyVersion(context: ResourceContext): Identity {
  const number = '1';
  return {
    ref: `${functionArn(context)}:${number}`,
    attributes: { Version: number, FunctionArn: functionArn(context) },
  };
}

function identifyAlias(context: ResourceContext): Identity {
  const ref = `${functionArn(context)}:${context.named('Name')}`;
  return { ref, attributes: { AliasArn: ref } };
}

/** Of the function that is named, by whichever of its names. */
function functionArn(context: ResourceContext): string {
  const named = context.named('FunctionName') ?? '';
  return named.startsWith('arn:') ? named : arn(context, 'lambda', `function:${named}`);
}

function identifyRole(context: ResourceContext): Identity {
  const role = nameAndArn(
    context,
    'RoleName',
    (name) => `arn:aws:iam::${context.account}:role/${name}`,
    64,
  );
  const RoleId = `AROA${stableToken(role.ref, 16).toUpperCase()}`;
  return { ref: role.ref, attributes: { ...role.attributes, RoleId } };
}

function identifyKey(context: ResourceContext): Identity {
  const id = stableToken(`${context.stackName}/${context.logicalId}`, 32).replace(
    /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
    '$1-$2-$3-$4-$5',
  );
  return { ref: id, attributes: { KeyId: id, Arn: arn(context, 'kms', `key/${id}`) } };
}

function identifyBucket(context: ResourceContext): Identity {
  const named =
    context.named('BucketName') ?? generatedName(context.stackName, context.logicalId, 63);
  const name = named.toLowerCase();
  return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
}

function identifyTopic(context: ResourceContext): Identity {
  const name = context.named('TopicName') ?? generatedName(context.stackName, context.logicalId);
  const topicArn = arn(context, 'sns', name);
  return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: name } };
}

function identifyAlarm(context: ResourceContext): Identity {
  return nameAndArn(context, 'AlarmName', (name) => arn(context, 'cloudwatch', `alarm:${name}`));
}

const runs = (identify: ResourceType['identify']): ResourceType => ({ here: 'runs', identify });
const harmless = (identify: ResourceType['identify']): ResourceType => ({
  here: 'harmless',
  identify,
});

/** Every type of resource that the local cloud knows. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::DynamoDB::Table': runs(identifyTable),
  // The replica of this region; there are no others here.
  'AWS::DynamoDB::GlobalTable': runs(identifyTable),
  'AWS::SQS::Queue': runs(identifyQueue),
  'AWS::SQS::QueuePolicy': runs(idOnly),
  'AWS::SNS::Topic': runs(identifyTopic),
  'AWS::SNS::TopicPolicy': runs(idOnly),
  'AWS::SecretsManager::Secret': runs(identifySecret),
  'AWS::Lambda::Function': runs((context) =>
    nameAndArn(context, 'FunctionName', (name) => arn(context, 'lambda', `function:${name}`), 64),
  ),
  'AWS::Lambda::Version': runs(identifyVersion),
  'AWS::Lambda::Alias': runs(identifyAlias),
  'AWS::Lambda::EventSourceMapping': runs(idOnly),
  'AWS::Lambda::EventInvokeConfig': runs(idOnly),
  'AWS::Lambda::Permission': runs(idOnly),
  'AWS::ApiGatewayV2::Api': runs(identifyApi),
  'AWS::ApiGatewayV2::Integration': runs(idOnly),
  'AWS::ApiGatewayV2::Route': runs(idOnly),
  'AWS::ApiGatewayV2::Stage': runs((context) => ({
    ref: context.named('StageName') ?? '$default',
    attributes: {},
  })),
  'AWS::Events::Rule': runs((context) =>
    nameAndArn(context, 'Name', (name) => arn(context, 'events', `rule/${name}`), 64),
  ),
  // Who may use a key is decided by the roles: the key's own policy trusts the account.
  'AWS::KMS::Key': runs(identifyKey),
  'AWS::S3::Bucket': runs(identifyBucket),
  'AWS::S3::BucketPolicy': runs(idOnly),
  'AWS::IAM::Role': runs(identifyRole),
  'AWS::IAM::Policy': runs(idOnly),

  // How a version takes the place of another: here there is one.
  'AWS::CodeDeploy::Application': harmless(idOnly),
  'AWS::CodeDeploy::DeploymentGroup': harmless(idOnly),
  'AWS::KMS::Alias': harmless((context) => ({
    ref: context.named('AliasName') ?? `alias/${context.logicalId}`,
    attributes: {},
  })),
  'AWS::CloudWatch::Alarm': runs(identifyAlarm),
  'AWS::CloudWatch::CompositeAlarm': runs(identifyAlarm),
  // Looking and paging: nothing that runs reads them.
  'AWS::Logs::LogGroup': harmless((context) =>
    nameAndArn(context, 'LogGroupName', (name) => `${arn(context, 'logs', 'log-group')}:${name}:*`),
  ),
  'AWS::Logs::MetricFilter': harmless(idOnly),
  'AWS::Logs::QueryDefinition': harmless(idOnly),
  'AWS::CloudWatch::Dashboard': harmless(idOnly),
  'AWS::SNS::Subscription': harmless(idOnly),
  // Copies of tables that nothing here reads.
  'AWS::Backup::BackupVault': harmless((context) => {
    const name = context.named('BackupVaultName') ?? context.logicalId;
    const BackupVaultArn = arn(context, 'backup', `backup-vault:${name}`);
    return { ref: name, attributes: { BackupVaultArn, BackupVaultName: name } };
  }),
  'AWS::Backup::BackupPlan': harmless(idOnly),
  'AWS::Backup::BackupSelection': harmless(idOnly),
  'AWS::Backup::RestoreTestingPlan': harmless(idOnly),
  'AWS::Backup::RestoreTestingSelection': harmless(idOnly),
  // A domain of one's own in front of the same routes.
  'AWS::ApiGatewayV2::DomainName': harmless((context) => ({
    ref: context.named('DomainName') ?? context.logicalId,
    attributes: { RegionalDomainName: 'regional.invalid', RegionalHostedZoneId: 'Z00000000000' },
  })),
  'AWS::ApiGatewayV2::ApiMapping': harmless(idOnly),
  'AWS::CDK::Metadata': harmless(idOnly),
};
