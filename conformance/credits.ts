/** D. Credits and concurrency: what is held, spent and owed, on the engine that decides over calls. */
import type { Example } from './example.ts';
import { customer } from './world.ts';

const count = (results: readonly boolean[], wanted: boolean) =>
  results.filter((result) => result === wanted).length.toString();

export const creditExamples: readonly Example[] = [
  {
    id: 'W66',
    source: 'Lago, invoicing_with_prepaid_credits_spec.rb',
    rules: 'use of the other meter costs 1.00',
    expected: ['39', '21.28', '3.59'],
    async ours() {
      const funds = await customer({ wallet: '39' });
      const seen: string[] = [];
      for (const worst of ['1', '17.72', '17.69']) {
        await funds.use({ worst });
        seen.push((await funds.left()).wallet);
      }
      return seen;
    },
    differs:
      'Our credit pays for whatever is used; what is meant for one meter only is given as a quota of it.',
  },
  {
    id: 'W69',
    source: 'OpenMeter, credit/engine/run_test.go',
    expected: ['0', '80'],
    async ours() {
      const funds = await customer({
        grants: [
          { amount: '100', priority: 1 },
          { amount: '100', priority: 2 },
        ],
      });
      await funds.use({ worst: '120' });
      return (await funds.left()).grants;
    },
  },
  {
    id: 'W70',
    source: 'OpenMeter, credit/engine/run_test.go',
    expected: ['0', '80'],
    async ours() {
      const funds = await customer({
        grants: [
          { amount: '100', expiresInDays: 30 },
          { amount: '100', expiresInDays: 36_500 },
        ],
      });
      await funds.use({ worst: '120' });
      return (await funds.left()).grants;
    },
  },
  {
    id: 'W72',
    source: 'OpenMeter, credit/engine/run_test.go',
    rules: 'a grant for each day; what is overused is owed, and the next day pays for it',
    expected: ['80'],
    async ours() {
      const funds = await customer({ grants: [{ amount: '100', daily: {} }] });
      await funds.pass(1);
      await funds.use({ worst: '100', cost: '120' });
      await funds.pass(24);
      return [await funds.credit()];
    },
  },
  {
    id: 'W73',
    source: 'OpenMeter, credit/engine/reset_test.go',
    rules: 'rollover_max: 50, beside what the new period gives',
    expected: ['50'],
    async ours() {
      const funds = await customer({ grants: [{ amount: '100', daily: { rolloverMax: '50' } }] });
      await funds.use({ worst: '10' });
      await funds.pass(24);
      return [(Number(await funds.credit()) - 100).toString()];
    },
  },
  {
    id: 'W79',
    source: 'Autumn, track-tokens-limits.test.ts',
    rules: 'on_short_funds: cap, then reject',
    expected: ['0', 'refused', '0.1'],
    async ours() {
      const capped = await customer({ wallet: '0.10' });
      await capped.use({ worst: '0.0625', short: 'cap' });
      await capped.use({ worst: '0.125', short: 'cap' });
      const rejecting = await customer({ wallet: '0.10' });
      const isServed = await rejecting.use({ worst: '0.125' });
      return [
        (await capped.left()).wallet,
        isServed ? 'served' : 'refused',
        (await rejecting.left()).wallet,
      ];
    },
  },
  {
    id: 'W80',
    source: 'Autumn, track-tokens-paid.test.ts',
    expected: ['5', '3', '3', '0'],
    async ours() {
      const funds = await customer({ wallet: '3', grants: [{ amount: '2' }] });
      const total = async () => {
        const { grants, wallet } = await funds.left();
        return (Number(grants[0]) + Number(wallet)).toString();
      };
      const seen = [await total()];
      for (const worst of ['2', '4', '3']) {
        await funds.use({ worst });
        seen.push(await total());
      }
      return seen;
    },
  },
  {
    id: 'W82',
    source: 'Autumn, concurrent-track1.test.ts',
    rules: 'on_short_funds: cap',
    expected: ['5 served', '0'],
    async ours() {
      const funds = await customer({ wallet: '5' });
      const calls = Array.from({ length: 5 }, () => funds.use({ worst: '10', short: 'cap' }));
      const served = count(await Promise.all(calls), true);
      return [`${served} served`, (await funds.left()).wallet];
    },
    differs: 'The source serves calls that nothing is left for; ours refuses them.',
  },
  {
    id: 'W83',
    source: 'Autumn, AI billing infrastructure',
    expected: ['1 allowed', '4 denied'],
    async ours() {
      const funds = await customer({ wallet: '600' });
      const calls = Array.from({ length: 5 }, () => funds.hold({ worst: '500' }));
      const allowed = (await Promise.all(calls)).map((held) => held !== undefined);
      return [`${count(allowed, true)} allowed`, `${count(allowed, false)} denied`];
    },
  },
  {
    id: 'W84',
    source: 'Autumn, pull request 550',
    expected: ['499.94'],
    async ours() {
      const funds = await customer({ wallet: '500' });
      await funds.use({ worst: '0.02' });
      await funds.use({ worst: '0.04' });
      return [(await funds.left()).wallet];
    },
  },
  {
    id: 'W86',
    source: 'TigerBeetle, two-phase transfers',
    expected: ['refused', '30'],
    async ours() {
      const funds = await customer({ wallet: '100' });
      await funds.use({ worst: '70' });
      const held = await funds.hold({ worst: '50' });
      return [held ? 'held' : 'refused', (await funds.left()).wallet];
    },
  },
  {
    id: 'W87',
    source: 'TigerBeetle, two-phase transfers',
    expected: ['7 posted, 93 left', 'exceeds_pending', '100 left', 'already_posted'],
    async ours() {
      const posted = await customer({ wallet: '100' });
      const first = await posted.hold({ worst: '10' });
      const { paid } = (await first?.settle('7')) ?? { paid: '' };
      const left = (await posted.left()).wallet;
      const beyond = await (await customer({ wallet: '100' })).hold({ worst: '10' });
      const more = (await beyond?.settle('11')) ?? { paid: '' };
      const voided = await customer({ wallet: '100' });
      await (await voided.hold({ worst: '10' }))?.release();
      const again = await first?.settle('7');
      return [
        `${paid} posted, ${left} left`,
        `${more.paid} posted`,
        `${(await voided.left()).wallet} left`,
        again?.isRepeat ? `${again.paid} posted once` : 'posted twice',
      ];
    },
    differs:
      'A call that cost more than was held is paid from further funds, and a repeat is answered as the first time: neither is an error.',
  },
  {
    id: 'W88',
    source: 'TigerBeetle, rate limiting',
    rules: 'holds live for a moment instead of 60 s',
    expected: ['10 held', 'refused', 'held after one expired'],
    async ours() {
      const funds = await customer({ wallet: '10' });
      const held = await Promise.all(
        Array.from({ length: 10 }, (_, index) => funds.hold({ worst: '1' }, index ? 60_000 : 0)),
      );
      const eleventh = await funds.hold({ worst: '1' });
      await funds.sweep();
      const later = await funds.hold({ worst: '1' });
      return [
        `${held.filter(Boolean).length} held`,
        eleventh ? 'held' : 'refused',
        later ? 'held after one expired' : 'refused',
      ];
    },
  },
  {
    id: 'W89',
    source: 'Polar, issue 5648',
    expected: ['10 owed'],
    async ours() {
      const funds = await customer({ wallet: '100' });
      await (await funds.hold({ worst: '100' }))?.settle('110');
      return [`${(await funds.left()).owed} owed`];
    },
  },
];
