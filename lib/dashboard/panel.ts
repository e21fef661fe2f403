import { Duration } from 'aws-cdk-lib';
import { GraphWidget, type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';

/** A graph of the business or the cost view. */
export interface Panel {
  readonly title: string;
  readonly left: readonly IMetric[];
  readonly right?: readonly IMetric[];
  /** What the left axis is in. */
  readonly unit: string;
  /**
   * How far back it looks, whatever the dashboard does: what is counted by the day is nothing in three hours.
   * @default - two days
   */
  readonly start?: string;
}

/** A row of the dashboard under a heading. */
export interface View {
  readonly title: string;
  /** What a reader has to know of the figures, in a sentence or two. */
  readonly remark: string;
  readonly panels: readonly Panel[];
}

/** As the invoices are: a finer one would show noise. */
export const viewPeriod = Duration.hours(1);

/** Four in a row of the 24 columns. */
export const PANEL_WIDTH = 6;

export function graphOf({ title, left, right = [], unit, start = '-P2D' }: Panel): GraphWidget {
  return new GraphWidget({
    title,
    left: [...left],
    right: [...right],
    width: PANEL_WIDTH,
    height: 6,
    start,
    leftYAxis: { label: unit, min: 0, showUnits: false },
  });
}

/** Our metrics of money are in millionths of a dollar. */
export function inDollars(
  label: string,
  micros: Readonly<Record<string, IMetric>>,
): MathExpression {
  const sum = sumOf(Object.keys(micros));
  return new MathExpression({
    expression: `(${sum})/1000000`,
    usingMetrics: { ...micros },
    label,
    period: viewPeriod,
  });
}

/** What is only published when it happens counts as zero in between. */
export function sumOf(ids: readonly string[]): string {
  return ids.map((id) => `FILL(${id},0)`).join('+');
}
