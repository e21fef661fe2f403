import { ALARM_TABLE, alarmTable } from './alarm-table.ts';
import { writeBlock } from './marked-block.ts';
import { stageTemplates } from './stage-templates.ts';

// `npm run alarms`: docs/alarms.md lists what the template has.
writeBlock(ALARM_TABLE, alarmTable(stageTemplates('prod')));
process.stdout.write(`Written: ${ALARM_TABLE.file}\n`);
