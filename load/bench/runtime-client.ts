import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runs } from '../runs.ts';

const LOAD = join(import.meta.dirname, '..');
const CLIENT = join(LOAD, 'node_modules/aws-lambda-ric');

/**
 * Compiles AWS's runtime client, once; wants cmake, make, g++, xz and half a minute or more.
 * @returns the folder of the client, or undefined where it does not compile
 */
export async function compileRuntimeClient(): Promise<string | undefined> {
  const compiled = join(CLIENT, 'rapid-client.node');
  if (!existsSync(compiled)) {
    await runs('npm', ['rebuild', 'aws-lambda-ric', '--prefix', LOAD]);
  }
  return existsSync(compiled) ? CLIENT : undefined;
}
