import { CfnOutput } from 'aws-cdk-lib';
import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { savedQueries } from './queries.ts';

export interface SavedQueriesProps {
  /** Under which the console lists them. */
  readonly folder: string;
  /** Of all functions: a story runs through several. */
  readonly logGroups: readonly ILogGroup[];
}

/** Questions to the logs that somebody will have at three in the morning. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { folder, logGroups }: SavedQueriesProps) {
    super(scope, id);
    const logGroupNames = logGroups.map(({ logGroupName }) => logGroupName);
    for (const { id: queryId, name, lines } of savedQueries) {
      new CfnQueryDefinition(this, queryId, {
        name: `${folder}/${name}`,
        queryString: lines.join('\n| '),
        logGroupNames,
      });
    }
    new CfnOutput(this, 'LogGroups', {
      value: logGroupNames.join(','),
      description: 'What the functions log: npx concierge trace',
    }).overrideLogicalId('FunctionLogGroups');
  }
}
