import { type ApiAnswer, apiError, type JsonApi, parseObject } from '../aws/json-api.ts';
import { JsonInput, MalformedInputError } from '../aws/json-input.ts';
import { CURRENT, type Secret } from './secret.ts';
import { SecretsError } from './secrets-error.ts';
import type { SecretsModel, SecretValue } from './secrets-model.ts';

/** Secrets Manager in the AWS JSON 1.1 protocol, in which the SDK speaks to it. */
export function secretsApi(secrets: SecretsModel): JsonApi {
  return { handle: (operation, body) => answer(secrets, operation, body) };
}

function answer(secrets: SecretsModel, name: string, body: string): ApiAnswer {
  try {
    const operation = OPERATIONS[name];
    if (!operation) throw new SecretsError('UnknownOperationException', `No ${name} here.`);
    const members = parseObject(body);
    if (!members) throw new MalformedInputError('The body is no JSON object.');
    return { status: 200, body: JSON.stringify(operation(secrets, new JsonInput(members))) };
  } catch (error) {
    if (error instanceof SecretsError) return apiError(400, error.code, error.message);
    if (!(error instanceof MalformedInputError)) throw error;
    return apiError(400, 'InvalidParameterException', error.message);
  }
}

type Operation = (secrets: SecretsModel, input: JsonInput) => object;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateSecret: (secrets, input) =>
    identity(
      secrets.createSecret({
        ...detailsIn(input),
        name: input.text('Name'),
      }),
    ),
  UpdateSecret: (secrets, input) =>
    identity(secrets.updateSecret({ ...detailsIn(input), secretId: input.text('SecretId') })),
  PutSecretValue: (secrets, input) => {
    const { arn, name, version } = secrets.putSecretValue({
      secretId: input.text('SecretId'),
      secretString: input.text('SecretString'),
      versionId: input.optionalText('ClientRequestToken'),
    });
    return { ARN: arn, Name: name, VersionId: version.versionId, VersionStages: version.stages };
  },
  GetSecretValue: (secrets, input) =>
    valueAnswer(
      secrets.getSecretValue(input.text('SecretId'), {
        versionId: input.optionalText('VersionId'),
        versionStage: input.optionalText('VersionStage'),
      }),
    ),
  DescribeSecret: (secrets, input) => {
    const secret = secrets.describeSecret(input.text('SecretId'));
    return { ...summary(secret), VersionIdsToStages: stagesOf(secret) };
  },
  ListSecrets: (secrets) => ({
    SecretList: secrets
      .listSecrets()
      .map((each) => ({ ...summary(each), SecretVersionsToStages: stagesOf(each) })),
  }),
  DeleteSecret: (secrets, input) => {
    const atOnce = input.optionalFlag('ForceDeleteWithoutRecovery') ?? false;
    const days = atOnce ? 0 : (input.optionalNumber('RecoveryWindowInDays') ?? RECOVERY_DAYS);
    const secret = secrets.deleteSecret(input.text('SecretId'), { atOnce });
    const deletionDate = (secret.deletedAtMs ?? 0) / 1000 + days * 24 * 3600;
    return { ARN: secret.arn, Name: secret.name, DeletionDate: deletionDate };
  },
  RestoreSecret: (secrets, input) => {
    const { arn, name } = secrets.restoreSecret(input.text('SecretId'));
    return { ARN: arn, Name: name };
  },
};

/** How long a deleted secret can be restored, unless the call says otherwise. */
const RECOVERY_DAYS = 30;

function detailsIn(input: JsonInput) {
  return {
    description: input.optionalText('Description'),
    kmsKeyId: input.optionalText('KmsKeyId'),
    secretString: input.optionalText('SecretString'),
    versionId: input.optionalText('ClientRequestToken'),
  };
}

function identity({ arn, name, versions }: Secret): object {
  const current = versions.find(({ stages }) => stages.includes(CURRENT));
  return { ARN: arn, Name: name, VersionId: current?.versionId };
}

function valueAnswer({ arn, name, version }: SecretValue): object {
  return {
    ARN: arn,
    Name: name,
    VersionId: version.versionId,
    SecretString: version.secretString,
    VersionStages: version.stages,
    CreatedDate: version.createdAtMs / 1000,
  };
}

function summary({ deletedAtMs, ...secret }: Secret): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: secret.createdAtMs / 1000,
    DeletedDate: deletedAtMs === undefined ? undefined : deletedAtMs / 1000,
  };
}

/** Undefined for a secret without a value, of which AWS says nothing here. */
function stagesOf({ versions }: Secret): object | undefined {
  if (versions.length === 0) return undefined;
  return Object.fromEntries(versions.map(({ versionId, stages }) => [versionId, stages]));
}
