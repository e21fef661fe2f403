import { conciergeApp } from '#lib/concierge-app.ts';
import { deployments } from './deployments.ts';

// What the CDK CLI, `npm start` and the tests all run, so that none of them sees another template.
conciergeApp(deployments).synth();
