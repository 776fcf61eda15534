import * as endpoints from '@sluice/contract/settings';
import type { Context } from '../../platform/context.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { changeSettings, readSettings } from './operations/change-settings.ts';
import { type ClockDeps, moveClock, requireSandbox } from './operations/move-clock.ts';

/** Serves what operators set. */
export function registerSettings(routes: Routes): void {
  routes.serve(endpoints.getSettings, ({ context }) => readSettings(context.database));
  routes.serve(endpoints.updateSettings, ({ context, body }) => changeSettings(context, body));
}

/** Serves what anyone may know of the deployment. */
export function registerDeployment(routes: Routes): void {
  routes.serve(endpoints.getDeployment, async ({ context: { config, clocks } }) => ({
    mode: config.mode,
    usage_currency: config.usageCurrency,
    currency: config.currency,
    time_zone: config.timeZone,
    locale: config.locale,
    business_time: clocks.business().toISOString(),
  }));
}

/** Serves the sandbox's clock. */
export function registerClock(routes: Routes, deps: ClockDeps): void {
  routes.serve(endpoints.getClock, async ({ context }) => {
    requireSandbox(context);
    return present(context);
  });
  routes.serve(endpoints.moveClock, async ({ context, body }) => {
    await moveClock(context, body, deps);
    return present(context);
  });
}

function present({ clocks }: Context) {
  const [wall, business] = [clocks.wall(), clocks.business()];
  return {
    wall: wall.toISOString(),
    business: business.toISOString(),
    offset_ms: business.getTime() - wall.getTime(),
  };
}
