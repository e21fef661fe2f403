import { deployerApp } from '#lib/deployer-app.ts';

// `npm run deployer -- -c repository=<owner>/<name>`: docs/deploying.md.
deployerApp().synth();
