import type { AssemblyStack } from './assembly.ts';
import { conditionHolds, resolveIntrinsics, type TemplateScope } from './intrinsics.ts';
import { isObject, Properties } from './properties.ts';
import { type Identity, RESOURCE_TYPES } from './resource-types.ts';
import type { TemplateResource } from './template.ts';
import { TemplateError } from './template-error.ts';

/** Where a stack is brought up. */
export interface StackPlace {
  readonly account: string;
  readonly region: string;
  readonly awsUrl: string;
  /** Where the APIs answer. @default an address of the cloud, where nobody answers */
  readonly apiUrl?: string | undefined;
  /** What the stacks brought up so far export, by export name; this stack adds its own. */
  readonly exports: Map<string, unknown>;
}

/** The version of CDK's bootstrap stack, which every template asks for by an SSM parameter. */
const BOOTSTRAP_VERSION = '30';

/** One stack whose every resource is known and whose properties can be resolved. */
export class Stack {
  readonly name: string;
  readonly assets: ReadonlyMap<string, string>;
  /** By their names in the template, as CloudFormation tells them of a deployed stack. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly #source: AssemblyStack;
  readonly #place: StackPlace;
  readonly #scope: TemplateScope;
  readonly #identities = new Map<string, Identity>();
  readonly #identifying = new Set<string>();

  /** @throws TemplateError for a resource of unknown type and for every output that cannot be resolved */
  constructor(source: AssemblyStack, place: StackPlace) {
    this.name = source.name;
    this.assets = source.assets;
    this.#source = source;
    this.#place = place;
    this.#scope = {
      region: place.region,
      mappings: source.template.mappings,
      conditions: source.template.conditions,
      reference: (id) => this.#reference(id),
      attribute: (id, attribute) => this.#identityOf(id)?.attributes[attribute],
      imported: (name) => place.exports.get(name),
    };
    for (const { logicalId, type } of source.template.resources.values()) {
      if (RESOURCE_TYPES[type] === undefined) {
        throw new TemplateError(
          logicalId,
          `the local cloud does not know ${type}; bring it up or list it as harmless in local/cloud/resource-types.ts`,
        );
      }
    }
    this.outputs = this.#resolveOutputs();
  }

  /** The resources of a type whose condition holds. */
  resources(type: string): readonly TemplateResource[] {
    return [...this.#source.template.resources.values()].filter(
      (each) => each.type === type && this.#exists(each),
    );
  }

  /** Every resource with its name, for those who want to show or seed them. */
  identityOf(logicalId: string): Identity {
    const identity = this.#identityOf(logicalId);
    if (!identity) throw new TemplateError(logicalId, `is not a resource of ${this.name}`);
    return identity;
  }

  properties(resource: TemplateResource): Properties {
    const resolved = resolveIntrinsics(resource.properties, this.#scope, resource.logicalId);
    return new Properties(resource.logicalId, isObject(resolved) ? resolved : {});
  }

  /** What other stacks may import is told to them as well. */
  #resolveOutputs(): ReadonlyMap<string, string> {
    const outputs = new Map<string, string>();
    for (const [id, output] of Object.entries(this.#source.template.outputs)) {
      const resolved = resolveIntrinsics(output, this.#scope, id);
      if (!isObject(resolved)) continue;
      const exported = resolved['Export'];
      if (isObject(exported)) this.#place.exports.set(String(exported['Name']), resolved['Value']);
      else outputs.set(id, String(resolved['Value']));
    }
    return outputs;
  }

  #exists(resource: TemplateResource): boolean {
    return (
      resource.condition === undefined ||
      conditionHolds(resource.condition, this.#scope, resource.logicalId)
    );
  }

  #reference(id: string): string | undefined {
    const { account, region } = this.#place;
    switch (id) {
      case 'AWS::AccountId':
        return account;
      case 'AWS::Region':
        return region;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return this.name;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${region}:${account}:stack/${this.name}/local`;
      default:
        return this.#parameter(id) ?? this.#identityOf(id)?.ref;
    }
  }

  #parameter(id: string): string | undefined {
    const parameter = this.#source.template.parameters[id];
    if (!isObject(parameter)) return undefined;
    if (id === 'BootstrapVersion') return BOOTSTRAP_VERSION;
    const value = parameter['Default'];
    if (parameter['Type'] === 'String' && typeof value === 'string') return value;
    throw new TemplateError(
      id,
      'only parameters of type String with a default are known to the local cloud',
    );
  }

  #identityOf(logicalId: string): Identity | undefined {
    const known = this.#identities.get(logicalId);
    if (known) return known;
    const resource = this.#source.template.resources.get(logicalId);
    const type = resource && RESOURCE_TYPES[resource.type];
    if (!resource || !type || !this.#exists(resource)) return undefined;
    if (this.#identifying.has(logicalId)) {
      throw new TemplateError(logicalId, 'its name depends on itself');
    }
    this.#identifying.add(logicalId);
    const identity = type.identify({
      logicalId,
      stackName: this.name,
      account: this.#place.account,
      region: this.#place.region,
      awsUrl: this.#place.awsUrl,
      apiUrl: this.#place.apiUrl,
      named: (property) => {
        const value = resource.properties[property];
        if (value === undefined) return undefined;
        return String(resolveIntrinsics(value, this.#scope, logicalId));
      },
    });
    this.#identifying.delete(logicalId);
    this.#identities.set(logicalId, identity);
    return identity;
  }
}
