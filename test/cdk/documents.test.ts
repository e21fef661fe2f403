import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { severities, stageNames } from '#lib/config/stages.ts';
import { deployments } from '../../bin/deployments.ts';
import { planningFor, USUAL_WISH } from '../../tools/capacity/planning.ts';
import { reportOf as capacityReportOf } from '../../tools/capacity/report.ts';
import {
  otherStages,
  SCALE_TABLES,
  VALIDATION_TABLE,
} from '../../tools/capacity/scale-document.ts';
import { readValidation } from '../../tools/capacity/validation/validated.ts';
import { validationInWords } from '../../tools/capacity/validation/words.ts';
import { inWords as capacityInWords } from '../../tools/capacity/words.ts';
import { COST_IN_README, COST_TABLES } from '../../tools/cost/cost-tables.ts';
import { deployedFrom } from '../../tools/cost/deployed.ts';
import { readMeasured } from '../../tools/cost/measured.ts';
import { PRICES } from '../../tools/cost/prices.ts';
import { inOneSentence, inWords } from '../../tools/cost/print.ts';
import { reportOf } from '../../tools/cost/report.ts';
import { USUAL_TRAFFIC } from '../../tools/cost/traffic.ts';
import { ALARM_TABLE, alarmTable } from '../../tools/documents/alarm-table.ts';
import { readBlock } from '../../tools/documents/marked-block.ts';
import { stageTemplates } from '../../tools/documents/stage-templates.ts';

const prod = stageTemplates('prod');
const { processor, secrets } = deployments.prod;
const report = reportOf(
  { traffic: USUAL_TRAFFIC, deployed: deployedFrom(prod), measured: readMeasured() },
  { stage: 'prod', model: processor.defaultModel, vault: secrets.tenantVault },
);

const capacity = capacityReportOf(
  planningFor(USUAL_WISH),
  readMeasured().measuredOn,
  otherStages(),
);

describe('the figures in the documents', () => {
  it('are those of the model of the deployed system: npm run capacity -- --write', () => {
    expect(readBlock(SCALE_TABLES)).toBe(capacityInWords(capacity));
  });

  it('are those of the model beside the local stack: npm run capacity -- --validate', () => {
    expect(readBlock(VALIDATION_TABLE)).toBe(validationInWords(readValidation()));
  });

  it('are those of the template, the measurement and the list of prices: npm run cost -- --write', () => {
    expect(readBlock(COST_TABLES)).toBe(inWords(report));
  });

  it('are recomputed where the README has them', () => {
    expect(readBlock(COST_IN_README)).toBe(inOneSentence(report));
  });

  it('are all either the command’s own, a list price, or the goal', () => {
    const known = new Set([
      '$45',
      ...figuresIn(inWords(report) + inOneSentence(report) + capacityInWords(capacity)),
      ...listPrices(),
    ]);
    const files = ['README.md', ...globSync('docs/{*,incidents/*,runbooks/*}.md')];
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      for (const figure of figuresIn(text))
        expect([...known], `${figure} in ${file}`).toContain(figure);
    }
  });
});

it('plans for each size what the model holds, with no part that is behind', () => {
  for (const { conversationsADay, steady } of capacity.steps) {
    const { isHeld, isBackgroundHeld, waits } = steady;
    expect({ conversationsADay, isHeld, isBackgroundHeld }).toEqual({
      conversationsADay,
      isHeld: true,
      isBackgroundHeld: true,
    });
    expect(waits.p95).toBeLessThan(2);
  }
});

it.each(stageNames)('knows what every resource of %s costs', (stage) => {
  expect(() => deployedFrom(stageTemplates(stage))).not.toThrow();
});

it('reads from the template what costs by being there', () => {
  const { functions, keys, secrets: kept, alarmMetrics, polled } = deployedFrom(prod);
  expect(functions.get('processor')).toMatchObject({ memoryMb: 512, reservedConcurrency: 100 });
  expect(polled.map(({ folder }) => folder).sort()).toEqual(['events', 'jobs', 'processor']);
  expect(keys).toBeGreaterThanOrEqual(3);
  expect(kept).toBe(1);
  expect(alarmMetrics).toBeGreaterThan(20);
});

it('tells of every severity whom it reaches, how soon, and which alarms have it', () => {
  const text = readFileSync('docs/incidents/severities.md', 'utf8');
  const rows = [...text.matchAll(/^\| \*\*(\w+)\*\* \|.*\[\w+\]\(\.\.\/alarms\.md#(\w+)\) \|$/gm)];
  expect(rows.map(([, severity, alarms]) => [severity, alarms])).toEqual(
    severities.map((severity) => [severity, severity]),
  );
});

it('names no alarm in the operator’s papers that the template lacks', () => {
  const papers = ['docs/operations.md', ...globSync('docs/incidents/*.md')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const named = [...papers.matchAll(/concierge-prod-service-([a-z][a-z-]+)/g)].map(
    ([, name]) => name,
  );
  expect(named.length).toBeGreaterThan(0);
  for (const name of named) expect(alarmTable(prod)).toContain(`[${name}](`);
});

it('lists in docs/alarms.md what the template has: npm run alarms', () => {
  expect(readBlock(ALARM_TABLE)).toBe(alarmTable(prod));
});

function figuresIn(text: string): readonly string[] {
  return [...text.matchAll(/\$\d[\d,]*(?:\.\d+)?/g)].map(([figure]) => figure);
}

/** As a person writes them: for one, or for a million. */
function listPrices(): readonly string[] {
  return Object.values(PRICES)
    .flatMap(({ tiers }) => tiers.map(({ dollars }) => dollars))
    .flatMap((dollars) => [dollars, dollars * 1e6])
    .flatMap((dollars) => [`$${Number(dollars.toPrecision(6))}`, `$${dollars.toFixed(2)}`]);
}
