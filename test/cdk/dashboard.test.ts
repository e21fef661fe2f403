import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { stageNames } from '#lib/config/stages.ts';
import { dashboardOf, type Seen, seenIn } from '../support/dashboard.ts';
import { synthesizeStage } from '../support/template.ts';
import { functionsOf } from '../support/template-functions.ts';

/** Names of ours that AWS has no list of. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html and the like. */
const AWS_METRICS: Readonly<Record<string, readonly string[]>> = {
  'AWS/ApiGateway': ['Count', 'Latency', '4xx', '5xx'],
  'AWS/Lambda': ['Invocations', 'Duration', 'Errors', 'Throttles'],
  'AWS/SQS': [
    'ApproximateAgeOfOldestMessage',
    'ApproximateNumberOfMessagesVisible',
    'NumberOfEmptyReceives',
    'NumberOfMessagesDeleted',
    'NumberOfMessagesReceived',
    'NumberOfMessagesSent',
  ],
  'AWS/DynamoDB': [
    'ConsumedReadCapacityUnits',
    'ConsumedWriteCapacityUnits',
    'ReadThrottleEvents',
    'SystemErrors',
    'WriteThrottleEvents',
  ],
  'AWS/Logs': ['IncomingBytes'],
};

/** The dimension that names a resource, and of which type it must be. */
const RESOURCES: Readonly<Record<string, string>> = {
  'AWS/ApiGateway': 'AWS::ApiGatewayV2::Api',
  'AWS/Lambda': 'AWS::Lambda::Function',
  'AWS/SQS': 'AWS::SQS::Queue',
  'AWS/DynamoDB': 'AWS::DynamoDB::Table',
  'AWS/Logs': 'AWS::Logs::LogGroup',
};

/** What of our metrics each function's code holds: its bundle, as esbuild shakes it. */
const bundles = new Map<string, string>();

beforeAll(() => {
  for (const folder of functionsOf(synthesizeStage('dev')).keys()) {
    const { outputFiles } = buildSync({
      entryPoints: [`lambdas/${folder}/handler.ts`],
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      treeShaking: true,
      write: false,
    });
    bundles.set(folder, outputFiles[0]?.text ?? '');
  }
});

describe.each(stageNames)('the dashboard of %s', (stage) => {
  const templates = synthesizeStage(stage);
  const { name, widgets } = dashboardOf(templates);
  const seen = widgets.flatMap(seenIn);
  const ofOurs = seen.filter(({ namespace }) => namespace === `Concierge/${stage}`);

  it('is one, of the stage’s name, within what CloudWatch takes', () => {
    expect(name).toBe(`concierge-${stage}`);
    expect(widgets.length).toBeGreaterThan(30);
    expect(widgets.length).toBeLessThan(500);
    expect(seen.length).toBeLessThan(2_500);
    for (const { x, y, width, height } of widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(height).toBeGreaterThan(0);
    }
    for (const { type, properties } of widgets.filter((each) => each.type === 'metric')) {
      expect(properties['metrics'].length, `${type} ${properties['title']}`).toBeLessThan(100);
    }
  });

  it('puts no two widgets in one place', () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgets) {
      for (let column = x; column < x + width; column += 1) {
        for (let line = y; line < y + height; line += 1) {
          expect(taken.has(`${column},${line}`)).toBe(false);
          taken.add(`${column},${line}`);
        }
      }
    }
  });

  it('shows the way of a message from left to right, and what goes on beside it', () => {
    const headings = widgets
      .filter(({ type }) => type === 'text')
      .map(({ properties }) => String(properties['markdown']).split('\n')[0]);
    expect(headings).toEqual([
      ...['### webhook API', '### ingest', '### chat queue', '### processor', '### model'],
      ...['### WhatsApp', '### events', '### jobs', '### sweeper', '### business API'],
      ...[
        '### business',
        '### canary',
        '### conversations',
        '### tenants',
        '## Business',
        '## Cost',
      ],
    ]);
  });

  it('shows every alarm and incident of the stage', () => {
    const alarms = [templates.service, templates.stateful].flatMap((template) => [
      ...Object.keys(template.findResources('AWS::CloudWatch::Alarm')),
      ...Object.keys(template.findResources('AWS::CloudWatch::CompositeAlarm')),
    ]);
    const shown = widgets
      .filter(({ type }) => type === 'alarm')
      .flatMap(({ properties }) => properties['alarms']);
    expect(new Set(shown).size).toBe(alarms.length);
    expect(shown.length).toBeGreaterThan(20);
  });

  it('counts as answered what was answered, and no check of the canary as a chat', () => {
    const panel = (title: string) =>
      JSON.stringify(widgets.find(({ properties }) => properties['title'] === title)?.properties);
    expect(panel('Cost per answered message')).toContain('/1000000/answered');
    expect(panel('Cost per answered message')).toContain('"MessagesAnswered"');
    expect(panel('Chats a day')).toContain('"(messages-FILL(checks,0))/(chats-FILL(checks,0))"');
    expect(panel('Chats a day')).toContain('"CanaryRuns"');
  });

  it('names of our metrics only those that the function of that name publishes', () => {
    const unpublished = ofOurs.filter(({ metric, dimensions }) => {
      const { service = '', ...others } = dimensions;
      expect(others).toEqual({});
      return !bundles.get(service)?.includes(`"${metric}"`);
    });
    expect(unpublished).toEqual([]);
    expect(new Set(ofOurs.map(({ metric }) => metric)).size).toBeGreaterThan(40);
  });

  it('names of AWS’s metrics only those that there are, of resources of the stage', () => {
    for (const { namespace, metric, dimensions } of seen.filter((each) => !ofOurs.includes(each))) {
      expect(AWS_METRICS[namespace], `${namespace} ${metric}`).toContain(metric);
      const type = RESOURCES[namespace] ?? '';
      const resources = [templates.stateful, templates.service].flatMap((template) =>
        Object.keys(template.findResources(type)),
      );
      const { Operation: _, ...resource } = dimensions;
      const [value = ''] = Object.values(resource);
      const id = value.replace(/\.QueueName$/, '');
      expect(
        resources.map((each) => each.replace(/[0-9A-F]{8}$/, '')),
        metric,
      ).toContain(id);
    }
  });

  it('shows durations by percentiles or their most, never by an average', () => {
    for (const { metric, stat } of seen) {
      const wanted = /Time$|Latency$|Age$|^ModelTime$/.test(metric)
        ? /^p\d+$|^Maximum$/
        : /^Sum$|^Maximum$|^p\d+$/;
      expect(stat, metric).toMatch(wanted);
    }
  });

  it('looks back for several times what it counts by', () => {
    const days = { '-P2D': 2, '-P28D': 28 } as Readonly<Record<string, number>>;
    for (const { properties } of widgets.filter(({ type }) => type === 'metric')) {
      const shownSeconds = (days[properties['start']] ?? 1 / 8) * 86_400;
      const rows: readonly Seen['row'][] = properties['metrics'];
      for (const row of rows) {
        const period = Number(optionsOf(row)['period'] ?? properties['period'] ?? 300);
        expect(shownSeconds / period, String(properties['title'])).toBeGreaterThan(20);
      }
    }
  });

  it('has an expression for nothing that is not in the same graph', () => {
    for (const { properties } of widgets.filter(({ type }) => type === 'metric')) {
      const rows: readonly Seen['row'][] = properties['metrics'];
      const ids = new Set(rows.map((row) => optionsOf(row)['id']).filter(Boolean));
      for (const row of rows) {
        const { expression } = optionsOf(row);
        if (typeof expression !== 'string') continue;
        const named = expression.match(/[a-z]\w*/g) ?? [];
        expect(
          named.filter((each) => !ids.has(each)),
          expression,
        ).toEqual([]);
      }
    }
  });
});

function optionsOf(row: Seen['row']): Readonly<Record<string, unknown>> {
  const last = row.at(-1);
  return typeof last === 'object' && last !== null ? (last as Record<string, unknown>) : {};
}
