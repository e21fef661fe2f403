import { awsError } from './aws-error.ts';

// biome-ignore lint/suspicious/noExplicitAny: inputs and answers of many commands, as the SDK has them
type Any = any;

interface Mapping {
  FunctionArn: string;
  State: string;
  LastModified: Date;
}

/** What CloudFormation tells of the stage's stacks, and Lambda of the functions in them. */
export class StackModel {
  readonly outputs = new Map<string, string>();
  readonly mappings = new Map<string, Mapping>();
  /** What is reserved, by function; undefined where nothing is. */
  readonly functions = new Map<string, number | undefined>();
  /** What a version says that an alias points at; a deployment of the service stack sets it. */
  readonly variables = new Map<string, Readonly<Record<string, string>>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  tick(): void {
    for (const mapping of this.mappings.values()) {
      const settled = { Disabling: 'Disabled', Enabling: 'Enabled' }[mapping.State];
      if (settled === undefined) continue;
      mapping.State = settled;
      mapping.LastModified = new Date(this.#now());
    }
  }

  /** By an alias, as the cloud has it. */
  feed(uuid: string, functionName: string): void {
    this.mappings.set(uuid, {
      FunctionArn: `arn:aws:lambda:eu-central-1:111122223333:function:${functionName}:live`,
      State: 'Enabled',
      LastModified: new Date('2026-11-01T00:00:00Z'),
    });
  }

  DescribeStacks({ StackName }: Any) {
    if (StackName !== 'concierge-prod-stateful') throw awsError('ValidationError');
    const outputs = [...this.outputs].map(([OutputKey, OutputValue]) => ({
      OutputKey,
      OutputValue,
    }));
    return { Stacks: [{ Outputs: outputs }] };
  }

  /** One resource a page. */
  ListStackResources({ StackName, NextToken = '0' }: Any) {
    if (StackName !== 'concierge-prod-service') throw awsError('ValidationError');
    const all = [
      ...[...this.mappings.keys()].map((id) => resource('EventSourceMapping', id)),
      ...[...this.functions.keys()].map((name) => resource('Function', name)),
    ];
    const next = Number(NextToken) + 1;
    return {
      StackResourceSummaries: all.slice(next - 1, next),
      ...(next < all.length && { NextToken: String(next) }),
    };
  }

  GetEventSourceMapping({ UUID }: Any) {
    return { ...this.#mapping(UUID) };
  }

  UpdateEventSourceMapping({ UUID, Enabled }: Any) {
    const mapping = this.#mapping(UUID);
    if (mapping.State.endsWith('ing')) throw awsError('ResourceInUseException');
    mapping.State = Enabled ? 'Enabling' : 'Disabling';
    return {};
  }

  /** By its name, its ARN, or an alias's. */
  GetFunctionConfiguration({ FunctionName }: Any) {
    const name = FunctionName.split(':')[6] ?? FunctionName;
    return { Environment: { Variables: this.variables.get(name) } };
  }

  GetFunctionConcurrency({ FunctionName }: Any) {
    const reserved = this.functions.get(FunctionName);
    return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
  }

  PutFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions }: Any) {
    this.functions.set(FunctionName, ReservedConcurrentExecutions);
    return {};
  }

  DeleteFunctionConcurrency({ FunctionName }: Any) {
    this.functions.set(FunctionName, undefined);
    return {};
  }

  #mapping(uuid: string): Mapping {
    const mapping = this.mappings.get(uuid);
    if (!mapping) throw awsError('ResourceNotFoundException');
    return mapping;
  }
}

function resource(type: string, name: string) {
  return {
    ResourceType: `AWS::Lambda::${type}`,
    LogicalResourceId: name.replace(/^concierge-prod-service-/, '').replace(/-\w+$/, ''),
    PhysicalResourceId: name,
  };
}
