import { OperatorError, UsageError } from '../bin/operator/operator-error.ts';
import { installLoadPackage } from './install.ts';
import { LOAD_USAGE, type LoadOptions, readLoadOptions } from './options.ts';
import type { Scenario } from './scenarios/scenario.ts';

// `npm run load -- burst --target staging`: docs/load.md.
try {
  const options = readLoadOptions(process.argv.slice(2));
  if (options === 'help') console.log(LOAD_USAGE);
  else process.exitCode = await load(options);
} catch (error) {
  if (!(error instanceof UsageError || error instanceof OperatorError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}

/** @returns how the process is to end: 1 where a threshold is missed, or what was sent is not answered */
async function load(options: LoadOptions): Promise<number> {
  const installed = await installLoadPackage();
  if (installed !== 0) return installed;
  const missed: string[] = [];
  for (const scenario of options.scenarios) {
    if (!(await holds(scenario, options))) missed.push(scenario.name);
  }
  if (missed.length > 0) console.log(`\nMissed: ${missed.join(', ')}`);
  return missed.length > 0 ? 1 : 0;
}

/** Each scenario finds its target anew: a stack of its own has nothing left over from the one before. */
async function holds(scenario: Scenario, options: LoadOptions): Promise<boolean> {
  // What they draw with is there only now.
  const [{ play }, { findLoadTarget }] = await Promise.all([
    import('./play.ts'),
    import('./targets/find-load-target.ts'),
  ]);
  const target = await findLoadTarget(options);
  if ('unreachable' in target) {
    console.log(target.unreachable);
    return true;
  }
  try {
    if (scenario.localOnly === undefined || target.place === 'local') {
      return await play(scenario, target);
    }
    if (options.scenarios.length === 1) {
      throw new UsageError(`${scenario.name} is for --target local: ${scenario.localOnly}`);
    }
    console.log(`\n${scenario.name} is left out: ${scenario.localOnly}`);
    return true;
  } finally {
    await target.close();
  }
}
