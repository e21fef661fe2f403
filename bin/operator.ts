#!/usr/bin/env node
import { setTimeout as pause } from 'node:timers/promises';
import { runCommandLine } from './operator/command-line.ts';
import { connect } from './operator/connect.ts';
import { processTerminal } from './operator/terminal.ts';

// `npx concierge …`: what the operator does to a running stack.
process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: processTerminal(),
  connect,
  pause,
});
