import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject, objectAt, textAt } from '../src/domain/json.ts';
import { runs } from './runs.ts';

const FOLDER = import.meta.dirname;
const MODULES = join(FOLDER, 'node_modules');

/**
 * Installs what only this folder needs, unless it is there: `npm ci` of the project leaves it out.
 * @returns 0, or how npm ended
 */
export async function installLoadPackage(): Promise<number> {
  if (isInstalled()) return 0;
  console.error('Installing what only load/ needs, once, half a minute or so…');
  // What it depends on would fetch a browser and compile for a minute, by scripts that are not run.
  return await runs('npm', ['ci', '--ignore-scripts', '--prefix', FOLDER]);
}

/** Of each that is named in package.json, the version that is named. */
function isInstalled(): boolean {
  const wanted = objectAt(readJson(join(FOLDER, 'package.json')), 'dependencies') ?? {};
  return Object.entries(wanted).every(([name, version]) => {
    const there = join(MODULES, name, 'package.json');
    return existsSync(there) && textAt(readJson(there), 'version') === version;
  });
}

function readJson(file: string): JsonObject {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(json)) throw new Error(`${file} is no object: restore it from the repository`);
  return json;
}
