import type { StageTemplates } from './template.ts';
import { inWords } from './template-text.ts';

export interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  // biome-ignore lint/suspicious/noExplicitAny: as CloudWatch has them
  readonly properties: Readonly<Record<string, any>>;
}

/** A metric that a widget names. */
export interface Seen {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
  readonly row: readonly unknown[];
}

/** The dashboard of a stage, with every reference in words. */
export function dashboardOf(templates: StageTemplates): {
  readonly name: string;
  readonly widgets: readonly Widget[];
} {
  const [dashboard, ...others] = Object.values(
    templates.service.findResources('AWS::CloudWatch::Dashboard'),
  );
  if (!dashboard || others.length > 0) throw new Error('There must be one dashboard');
  const { DashboardName, DashboardBody } = dashboard['Properties'];
  const { widgets } = JSON.parse(inWords(templates, DashboardBody));
  return { name: DashboardName, widgets };
}

/** Metrics of a widget; in CloudWatch's shorthand `.` repeats what stands above, `...` the rest of it. */
export function seenIn({ type, properties }: Widget): readonly Seen[] {
  if (type !== 'metric') return [];
  const seen: Seen[] = [];
  for (const row of properties['metrics'] as readonly (readonly unknown[])[]) {
    const options = row.at(-1);
    const has = (typeof options === 'object' ? options : {}) as Record<string, unknown>;
    if (has['expression'] !== undefined) continue;
    const names = row.filter((each): each is string => typeof each === 'string');
    const [namespace = '', metric = '', ...rest] = names;
    const pairs = rest.flatMap((name, index) =>
      index % 2 === 0 ? [[name, rest[index + 1] ?? '']] : [],
    );
    const stat = String(has['stat'] ?? properties['stat'] ?? 'Average');
    seen.push({ namespace, metric, dimensions: Object.fromEntries(pairs), stat, row });
  }
  return seen;
}
