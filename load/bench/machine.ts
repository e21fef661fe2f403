import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { isObject, objectAt, textAt } from '../../src/domain/json.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface Where {
  readonly machine: string;
  readonly versions: string;
  readonly date: string;
}

/** What whoever repeats a measurement compares first. */
export function measuredWhere(): Where {
  const memoryGb = Math.round(totalmem() / 1024 ** 3);
  const versions = [
    `Node ${process.version}`,
    ...['@aws-sdk/client-dynamodb', 'openai', 'esbuild'].map((name) => versioned(ROOT, name)),
    versioned(join(ROOT, 'load'), 'aws-lambda-ric'),
  ];
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${memoryGb} GB`,
    versions: versions.join(', '),
    date: new Date().toISOString().slice(0, 10),
  };
}

function versioned(folder: string, name: string): string {
  const json: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { dependencies, devDependencies } = {
    dependencies: isObject(json) ? objectAt(json, 'dependencies') : undefined,
    devDependencies: isObject(json) ? objectAt(json, 'devDependencies') : undefined,
  };
  return `${name} ${textAt({ ...dependencies, ...devDependencies }, name)}`;
}
