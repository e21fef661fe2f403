import { CfnOutput, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  CompositeAlarm,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  PeriodOverride,
  Spacer,
  TextWidget,
  TextWidgetBackground,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { HouseAlarm } from '../alarms/house-alarm.ts';
import { graphOf, PANEL_WIDTH, type View } from './panel.ts';
import type { Station } from './station.ts';

export interface StageDashboardProps {
  /** Besides the one that it is in: what holds alarms as well. */
  readonly otherStacks: readonly Stack[];
  /** From left to right, a band below the other. */
  readonly bands: readonly (readonly Station[])[];
  readonly views: readonly View[];
}

/** The dashboard is this wide. */
const COLUMNS = 24;
/** What one widget of alarms can hold: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const MOST_ALARMS = 100;
const ROW_HEIGHT = 5;

/**
 * What an operator looks at first: which alarms are red, the way of a message from left to right, what the
 * businesses have of it, and what it costs. Constructs say what is to be seen of them; of the alarms all
 * that the stack has by then are shown, so that none can be forgotten: make it last.
 */
export class StageDashboard extends Construct {
  readonly #dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: StageDashboardProps) {
    super(scope, id);
    const { otherStacks, bands, views } = props;
    const { stackName, region } = Stack.of(this);
    const dashboardName = stackName.replace(/-service$/, '');
    this.#dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName,
      // Else CloudWatch would take five minutes for whatever is looked at over a few hours.
      periodOverride: PeriodOverride.INHERIT,
      start: '-PT3H',
    });
    const own = Stack.of(this).node.findAll();
    const incidents = own.filter((each) => each instanceof CompositeAlarm);
    const alarms = own.filter((each) => each instanceof Alarm);
    this.#addAlarms('Incidents', incidents);
    this.#addAlarms('Alarms', [...alarms, ...this.#alarmsOf(otherStacks)]);
    for (const band of bands) this.#addBand(band);
    for (const view of views) this.#addView(view);
    new CfnOutput(this, 'Url', {
      value: `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`,
      description: 'The way of a message, the business and the cost view: docs/dashboard.md',
    }).overrideLogicalId('DashboardUrl');
  }

  /** By their names, so that no stack has to export anything to this one. */
  #alarmsOf(stacks: readonly Stack[]): readonly IAlarm[] {
    return stacks
      .flatMap((stack) => stack.node.findAll())
      .filter((each) => each instanceof HouseAlarm)
      .map(({ fullName }) => Alarm.fromAlarmName(this, fullName, fullName));
  }

  #addAlarms(title: string, alarms: readonly IAlarm[]): void {
    for (let first = 0; first < alarms.length; first += MOST_ALARMS) {
      const some = alarms.slice(first, first + MOST_ALARMS);
      const height = Math.min(12, 1 + Math.ceil(some.length / 6));
      this.#dashboard.addWidgets(
        new AlarmStatusWidget({ title, alarms: some, width: COLUMNS, height }),
      );
    }
  }

  /** A column for each station, with empty places where there is nothing to be seen. */
  #addBand(stations: readonly Station[]): void {
    const width = Math.floor(COLUMNS / Math.max(6, stations.length));
    const row = (widgetOf: (station: Station) => IWidget | undefined, height: number) =>
      this.#dashboard.addWidgets(
        ...stations.map((station) => widgetOf(station) ?? new Spacer({ width, height })),
      );
    const graph = (
      title: string,
      left: readonly IMetric[] | undefined,
      right: readonly IMetric[] = [],
    ) =>
      left &&
      new GraphWidget({
        title,
        left: [...left],
        right: [...right],
        width,
        height: ROW_HEIGHT,
        leftYAxis: { min: 0, showUnits: false },
      });
    row(({ title }) => heading(title, width), 1);
    row(({ rate }) => graph('rate', rate), ROW_HEIGHT);
    row(({ latency }) => graph('latency, ms', latency), ROW_HEIGHT);
    row(({ waiting }) => graph('waiting', waiting?.time, waiting?.count), ROW_HEIGHT);
    row(({ failures }) => graph('failures', failures), ROW_HEIGHT);
  }

  #addView({ title, remark, panels }: View): void {
    this.#dashboard.addWidgets(
      new TextWidget({ markdown: `## ${title}\n${remark}`, width: COLUMNS, height: 2 }),
    );
    const inRow = COLUMNS / PANEL_WIDTH;
    for (let first = 0; first < panels.length; first += inRow) {
      this.#dashboard.addWidgets(...panels.slice(first, first + inRow).map(graphOf));
    }
  }
}

function heading(title: string, width: number): TextWidget {
  const background = TextWidgetBackground.TRANSPARENT;
  return new TextWidget({ markdown: `### ${title}`, width, height: 1, background });
}
