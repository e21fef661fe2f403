import { isObject, type JsonObject } from './properties.ts';
import { TemplateError } from './template-error.ts';

/** A resource as the template has it: nothing in its properties is resolved yet. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly condition: string | undefined;
}

/** The sections of a CloudFormation template that the local cloud reads. */
export interface Template {
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly parameters: JsonObject;
  readonly mappings: JsonObject;
  readonly conditions: JsonObject;
  readonly outputs: JsonObject;
}

/** Sections that change nothing of what runs. `Rules` only checks CDK's bootstrap version. */
const READ = ['Resources', 'Parameters', 'Mappings', 'Conditions', 'Outputs'];
const IGNORED = ['Rules', 'Metadata', 'Description', 'AWSTemplateFormatVersion'];

/** @throws TemplateError for a section (such as `Transform`) that would change what is deployed */
export function parseTemplate(json: unknown, stackName: string): Template {
  if (!isObject(json)) throw new TemplateError(stackName, 'its template is not a JSON object');
  const unknown = Object.keys(json).find((key) => !READ.includes(key) && !IGNORED.includes(key));
  if (unknown !== undefined) {
    throw new TemplateError(
      stackName,
      `the template section ${unknown} is unknown here; take it out or teach it to local/cloud`,
    );
  }
  function section(name: string): JsonObject {
    const value = isObject(json) ? json[name] : undefined;
    return isObject(value) ? value : {};
  }
  const resources = Object.entries(section('Resources')).map(
    ([logicalId, body]) => [logicalId, parseResource(logicalId, body)] as const,
  );
  return {
    resources: new Map(resources),
    parameters: section('Parameters'),
    mappings: section('Mappings'),
    conditions: section('Conditions'),
    outputs: section('Outputs'),
  };
}

function parseResource(logicalId: string, body: unknown): TemplateResource {
  if (!isObject(body) || typeof body['Type'] !== 'string') {
    throw new TemplateError(logicalId, 'the resource has no Type');
  }
  return {
    logicalId,
    type: body['Type'],
    properties: isObject(body['Properties']) ? body['Properties'] : {},
    condition: typeof body['Condition'] === 'string' ? body['Condition'] : undefined,
  };
}
