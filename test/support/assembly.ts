import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Writes an assembly of one stack as `cdk synth` would; its bundles are folders of test/fixtures/lambda/. */
export function writeAssembly(resources: Readonly<Record<string, object>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  function write(file: string, json: object): void {
    writeFileSync(join(directory, file), JSON.stringify(json));
  }
  write('manifest.json', {
    artifacts: {
      'app.assets': { type: 'cdk:asset-manifest', properties: { file: 'app.assets.json' } },
      app: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        dependencies: ['app.assets'],
        properties: { templateFile: 'app.template.json' },
      },
    },
  });
  write('app.template.json', { Resources: resources });
  const bundles = ['echo', 'aws'].map((name) => {
    const path = fileURLToPath(new URL(`../fixtures/lambda/${name}`, import.meta.url));
    return [
      name,
      { source: { path, packaging: 'zip' }, destinations: { here: { objectKey: `${name}.zip` } } },
    ];
  });
  write('app.assets.json', { files: Object.fromEntries(bundles) });
  return directory;
}

/** A role that Lambda may take, and what it may do. */
export function aRole(...statements: readonly object[]): object {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: 'lambda.amazonaws.com' },
          },
        ],
      },
      Policies: [{ PolicyName: 'Own', PolicyDocument: { Statement: statements } }],
    },
  };
}

export function allow(action: string | readonly string[], resource: unknown): object {
  return { Effect: 'Allow', Action: action, Resource: resource };
}

/** A function of the bundle `name` with the role of the logical id `Role`. */
export function aFunction(name: string, properties: object = {}, variables: object = {}): object {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: 10,
      MemorySize: 256,
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Environment: { Variables: { POWERTOOLS_SERVICE_NAME: name, ...variables } },
      ...properties,
    },
  };
}
