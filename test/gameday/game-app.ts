import { conciergeApp } from '#lib/concierge-app.ts';
import { deployments } from '../../bin/deployments.ts';

// The stage of developers, whose canary checks as often as those of the others: its alarm looks back six
// checks, which at one an hour would be as long as the whole game.
conciergeApp({ ...deployments, dev: { ...deployments.dev, canary: { everyMinutes: 5 } } }).synth();
