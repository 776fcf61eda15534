import { anchorAudit, anchorLine } from '../../domains/audit/index.ts';
import type { Command } from '../command.ts';
import { withDeployment } from '../open.ts';

export const auditAnchor: Command = {
  run: (line) =>
    withDeployment(line, async ({ context }) => {
      const anchor = await anchorAudit(context());
      if (!anchor)
        return { ok: true, sentence: 'The audit log is empty: there is nothing to note.' };
      line.say(anchorLine(anchor));
      return {
        ok: true,
        sentence: `Anchor ${anchor.number} stands for ${anchor.entries} entries in ${anchor.chains} chains.`,
        details: { anchor: JSON.parse(anchorLine(anchor)) },
      };
    }),
};
