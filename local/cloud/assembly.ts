import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isObject, type JsonObject } from './properties.ts';
import { parseTemplate, type Template } from './template.ts';
import { TemplateError } from './template-error.ts';

/** One stack of a synthesized app, as `cdk deploy` would find it. */
export interface AssemblyStack {
  readonly name: string;
  readonly template: Template;
  /** Undefined where the app leaves it to whoever deploys. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Directories of the file assets, by the object key that the template's `S3Key` names. */
  readonly assets: ReadonlyMap<string, string>;
}

/**
 * Reads what `cdk synth` wrote: its stacks, each after those that it depends on.
 * @throws TemplateError where the directory holds no assembly or names a file that is not there
 */
export function readAssembly(directory: string): readonly AssemblyStack[] {
  const artifacts = section(readJson(directory, 'manifest.json'), 'artifacts');
  const read = new Map<string, AssemblyStack | undefined>();
  function visit(id: string): void {
    const artifact = artifacts[id];
    if (read.has(id) || !isObject(artifact)) return;
    read.set(id, undefined);
    for (const dependency of listOf(artifact['dependencies'])) visit(dependency);
    if (artifact['type'] === 'cdk:cloud-assembly') {
      throw new TemplateError(id, 'nested assemblies (cdk.Stage) are unknown to the local cloud');
    }
    if (artifact['type'] !== 'aws:cloudformation:stack') return;
    read.delete(id); // so that the order of the map is the order of the stacks
    read.set(id, readStack(directory, id, artifact, artifacts));
  }
  for (const id of Object.keys(artifacts)) visit(id);
  return [...read.values()].filter((stack) => stack !== undefined);
}

function readStack(
  directory: string,
  id: string,
  artifact: JsonObject,
  artifacts: JsonObject,
): AssemblyStack {
  const properties = section(artifact, 'properties');
  const name = textOf(properties['stackName']) ?? id;
  // The form is aws://<account>/<region>, with unknown-account or unknown-region where it is open.
  const [account, region] = (textOf(artifact['environment']) ?? '')
    .replace('aws://', '')
    .split('/');
  const file = textOf(properties['templateFile']);
  if (file === undefined) throw new TemplateError(id, 'the manifest names no template file');
  const assets = listOf(artifact['dependencies']).flatMap((dependency) => {
    const other = artifacts[dependency];
    return isObject(other) && other['type'] === 'cdk:asset-manifest'
      ? readAssets(directory, textOf(section(other, 'properties')['file']))
      : [];
  });
  return {
    name,
    template: parseTemplate(readJson(directory, file), name),
    account: known(account),
    region: known(region),
    assets: new Map(assets),
  };
}

function readAssets(directory: string, file: string | undefined): readonly [string, string][] {
  if (file === undefined) return [];
  return Object.values(section(readJson(directory, file), 'files')).flatMap((asset) => {
    if (!isObject(asset)) return [];
    const path = textOf(section(asset, 'source')['path']);
    const keys = Object.values(section(asset, 'destinations')).flatMap((destination) => {
      const key = isObject(destination) ? textOf(destination['objectKey']) : undefined;
      return key === undefined ? [] : [key];
    });
    return path === undefined
      ? []
      : keys.map((key): [string, string] => [key, resolve(directory, path)]);
  });
}

function readJson(directory: string, file: string): JsonObject {
  const path = join(directory, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new TemplateError(
      file,
      `cannot be read in ${directory} (${codeOf(error)}); run cdk synth`,
    );
  }
  const json: unknown = JSON.parse(text);
  return isObject(json) ? json : {};
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

function section(json: JsonObject, name: string): JsonObject {
  const value = json[name];
  return isObject(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function known(part: string | undefined): string | undefined {
  return part === undefined || part === '' || part.startsWith('unknown-') ? undefined : part;
}
