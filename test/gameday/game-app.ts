import { conciergeApp } from '#lib/concierge-app.ts';
import { deployments } from '../../bin/deployments.ts';

// The stage of developers, whose canary checks as often as those of the others: its alarm looks back six checks, which at
// one an hour would be as long as the whole game. And with the backups of prod, of which there is nothing
// here but their alarms.
const { dev, prod } = deployments;
const { backups = { retentionDays: 7 } } = prod.recovery;
const recovery = { ...dev.recovery, backups };
conciergeApp({ ...deployments, dev: { ...dev, canary: { everyMinutes: 5 }, recovery } }).synth();
