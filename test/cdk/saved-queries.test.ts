import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { savedQueries } from '#lib/dashboard/queries.ts';
import { synthesizeStage } from '../support/template.ts';
import { LOG_FIELDS } from '../unit/isolation/log-fields.ts';

/** What Powertools and Logs Insights add to every line. */
const OF_EVERY_LINE = new Set(['@timestamp', '@message', '@log', 'service', 'level', 'message']);
const COMMANDS = /^(?:fields|filter|stats|sort|limit|display) /;
const WORDS = new Set(
  'fields filter stats sort limit display as by and or not in like asc desc'.split(' '),
);
const FUNCTIONS = new Set(
  'count count_distinct sum max min pct earliest latest bin ispresent strcontains'.split(' '),
);

/** The closed list, as it stands in the code. */
const events = new Set(
  readFileSync('src/app/ports/log.ts', 'utf8')
    .matchAll(/^ {2}\| '(\w+)'/gm)
    .map(([, event]) => String(event)),
);

describe.each(savedQueries.map((query) => [query.name, query] as const))('%s', (_, { lines }) => {
  const text = lines.join(' | ');

  it('consists of commands that there are', () => {
    for (const line of lines) expect(line).toMatch(COMMANDS);
    expect(text.match(/\(/g)?.length ?? 0).toBe(text.match(/\)/g)?.length ?? 0);
    expect((text.match(/"/g)?.length ?? 0) % 2).toBe(0);
  });

  it('asks for fields that lines have', () => {
    const aliases = new Set([...text.matchAll(/ as (\w+)/g)].map(([, alias]) => alias));
    const bare = text.replaceAll(/"[^"]*"/g, '""');
    for (const [, name] of bare.matchAll(/(\w+)\(/g)) expect(FUNCTIONS).toContain(name);
    const names = [...bare.matchAll(/(?<![\w.@])@?[a-zA-Z][\w.]*(?!\w*\()/g)]
      .map(([name]) => name)
      .filter((name) => !WORDS.has(name) && !FUNCTIONS.has(name) && !aliases.has(name));
    expect(names.length).toBeGreaterThan(0);
    const unknown = names.filter((name) => {
      const [field = ''] = name.startsWith('@') ? [name] : name.split('.');
      return !OF_EVERY_LINE.has(field) && !LOG_FIELDS.has(field);
    });
    expect(unknown).toEqual([]);
  });

  it('asks for events that are logged', () => {
    const asked = [
      ...text.matchAll(/message = "([^"]+)"/g),
      ...text.matchAll(/strcontains\(message, "([^"]+)"\)/g),
    ].map(([, event]) => String(event));
    const code = sources();
    for (const event of asked) {
      expect(events).toContain(event);
      expect(code, `nothing logs ${event}`).toMatch(new RegExp(`log\\s*\\.\\w+\\(\\s*'${event}'`));
    }
  });
});

it('is saved for the log groups of all functions, under the name of its stage', () => {
  const { service } = synthesizeStage('prod');
  const groups = Object.values(service.findResources('AWS::Lambda::Function')).map(
    ({ Properties }) => Properties.LoggingConfig.LogGroup,
  );
  const saved = Object.values(service.findResources('AWS::Logs::QueryDefinition'));
  expect(saved.map(({ Properties }) => Properties.Name).sort()).toEqual(
    savedQueries.map(({ name }) => `concierge-prod/${name}`).sort(),
  );
  for (const { Properties } of saved) {
    expect(new Set(Properties.LogGroupNames.map(JSON.stringify))).toEqual(
      new Set(groups.map((each) => JSON.stringify(each))),
    );
    expect(Properties.QueryString.length).toBeLessThan(10_000);
  }
});

it('gives as outputs where to look', () => {
  const { service } = synthesizeStage('prod');
  const outputs = service.findOutputs('*');
  expect(JSON.stringify(outputs['DashboardUrl'])).toContain('#dashboards/dashboard/concierge-prod');
  const groups = JSON.stringify(outputs['FunctionLogGroups']);
  for (const folder of ['Ingest', 'Processor', 'EventsWorker', 'JobsWorker', 'Sweeper']) {
    expect(groups).toContain(`${folder}Logs`);
  }
});

it('has the fields that a tenant’s day is summed from in lines that name the tenant', () => {
  const code = sources();
  for (const field of ['waitedMs', 'inputTokens', 'cachedInputTokens', 'outputTokens', 'cost']) {
    expect(code).toMatch(new RegExp(`\\b${field}\\b`));
  }
});

function sources(): string {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join('src', file), 'utf8'))
    .join('\n');
}
