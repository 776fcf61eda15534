import { expect } from 'vitest';
import { changeSettings, isReady } from '../../core/settings.ts';
import type { SuiteTest } from './harness.ts';
import type { Stage } from './stage.ts';

/** Settings: what is blank is not there, and a probe says whether the rest works. */
export function settingsTests(stage: () => Stage): SuiteTest[] {
  return [
    {
      name: 'takes the settings of its simulator, as an operator would write them',
      run() {
        const { harness, simulator, online, settings } = stage();
        const written = harness.settings(simulator);
        const change = changeSettings(harness.provider.settings, {}, written);
        expect(change).toMatchObject({ accepted: true });
        expect(isReady(harness.provider.settings, written)).toBe(true);
        const place = { mode: 'sandbox', publicUrl: 'http://localhost:9000' } as const;
        expect(online.check(settings, place)).toBeUndefined();
      },
    },
    {
      name: 'labels every setting in both languages, and keeps no key as plain text',
      run() {
        for (const { key, kind, label, help } of stage().harness.provider.settings) {
          for (const text of [label, ...(help ? [help] : [])]) {
            expect(text.en.trim()).not.toBe('');
            expect(text['zh-CN'].trim()).not.toBe('');
          }
          if (/secret|private_key|api_key|password/.test(key)) expect(kind).toBe('secret');
        }
      },
    },
    {
      name: 'cannot be enabled with a blank secret',
      run() {
        const { harness, online, settings } = stage();
        const secrets = harness.provider.settings.filter(({ kind }) => kind === 'secret');
        expect(secrets.length).toBeGreaterThan(0);
        const place = { mode: 'sandbox', publicUrl: 'http://localhost:9000' } as const;
        for (const { key, required } of secrets) {
          // One that is not required may be left out, but is no secret when it is blank.
          if (!required && settings[key] === undefined) continue;
          for (const blank of ['', ' ', '\t\n ']) {
            const values = { ...settings, [key]: blank };
            const isUsable =
              isReady(harness.provider.settings, values) &&
              online.check(values, place) === undefined;
            expect(isUsable && required, `${key} as ${JSON.stringify(blank)}`).toBe(false);
          }
        }
      },
    },
    {
      name: 'lets a probe through with good credentials, moving nothing',
      async run() {
        const { connection, simulator, harness } = stage();
        const orders = async () => {
          const answer = await fetch(`${simulator.directUrl}/${harness.provider.id}/orders`);
          return ((await answer.json()) as { data: unknown[] }).data;
        };
        const before = await orders();
        expect(await connection.probe()).toEqual({ answers: true });
        expect(await orders()).toEqual(before);
      },
    },
    {
      name: 'says of wrong credentials that they are wrong, and not what they are',
      async run() {
        const { connect, harness, settings } = stage();
        const probe = await connect(harness.wrongCredentials(settings)).probe();
        expect(probe).toMatchObject({ answers: false });
        expect(probe.answers === false && probe.reason.trim()).toBeTruthy();
      },
    },
  ];
}
