// Loaded before the runtime client of every function that is measured, the empty one too: on a signal it
// tells what the process has used so far. Counters of /proc have steps of 10 ms.
const { writeSync } = require('node:fs');

const REPORTS = 3;

process.on('SIGUSR2', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const report = { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: maxRSS / 1024 };
  writeSync(REPORTS, `${JSON.stringify(report)}\n`);
});
