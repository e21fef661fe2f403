import { expect, it } from 'vitest';
import { verdictOn } from '../../../../tools/capacity/answer.ts';
import { withProcessors } from '../../../../tools/capacity/deployment.ts';
import { runSteady } from '../../../../tools/capacity/steady.ts';
import { aDeployment, aScenario } from './small.ts';

it('says how much of a size that is not held is answered, and not how full the parts seem', () => {
  const said = (processors: number) => {
    const deployment = withProcessors(aDeployment(), processors);
    return verdictOn(runSteady({ ...aScenario(), deployment }, 10));
  };
  expect(said(100)).toMatch(/^So it holds them: .* Used: /);
  // Two turns of four seconds at once, ten chats each: five a second.
  expect(said(2)).toMatch(/^So it does not hold them: [45]\d of 100 messages are answered/);
  expect(said(2)).not.toContain('Used:');
});
