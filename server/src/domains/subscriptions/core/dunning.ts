/** What is done about an invoice that is not paid in time: steps as data, each taken once, all undone by the payment. */
export type DunningAction = 'remind' | 'suspend' | 'cancel';

export interface DunningStep {
  /** Since the end of the invoice's term. */
  afterDays: number;
  action: DunningAction;
}

/** As the setting writes them. */
export function toDunningSteps(
  steps: readonly { after_days: number; action: DunningAction }[],
): DunningStep[] {
  return steps.map(({ after_days: afterDays, action }) => ({ afterDays, action }));
}

/** How far dunning has come. */
interface DunningProgress {
  overdueSince: Date;
  taken: number;
}

/** The first of the steps that are not taken, and when it is due; undefined when all are. */
export function nextDunningStep(
  steps: readonly DunningStep[],
  progress: DunningProgress,
): (DunningStep & { at: Date }) | undefined {
  return dunningCourse(steps, progress).find(({ isTaken }) => !isTaken);
}

/** Every step in order, when it is due, and whether it was taken. */
export function dunningCourse(
  steps: readonly DunningStep[],
  { overdueSince, taken }: DunningProgress,
): (DunningStep & { at: Date; isTaken: boolean })[] {
  return inOrder(steps).map((step, index) => ({
    ...step,
    // In hours, not calendar days: a step never comes early where the clocks go forward.
    at: new Date(overdueSince.getTime() + step.afterDays * dayMs),
    isTaken: index < taken,
  }));
}

/**
 * How many of the new steps count as taken where so many of the old ones were. A plan that was taken away is not taken
 * again, a reminder whose day has passed is not sent any more, and what is harder than anything that was done is never
 * left out.
 */
export function takenAfterChange(
  before: readonly DunningStep[],
  after: readonly DunningStep[],
  taken: number,
): number {
  const done = inOrder(before).slice(0, taken);
  const lastDays = done.at(-1)?.afterDays ?? -1;
  const next = inOrder(after).findIndex(({ action, afterDays }) =>
    action === 'remind' ? afterDays > lastDays : !done.some((step) => step.action === action),
  );
  return next === -1 ? after.length : next;
}

/** What a payment has to bring back after so many steps, the last one first. */
export function undoOf(
  steps: readonly DunningStep[],
  taken: number,
): ('lift_suspension' | 'restore_subscription')[] {
  const actions = inOrder(steps)
    .slice(0, taken)
    .map(({ action }) => action);
  return [
    ...(actions.includes('cancel') ? (['restore_subscription'] as const) : []),
    ...(actions.includes('suspend') ? (['lift_suspension'] as const) : []),
  ];
}

const dayMs = 86_400_000;

/** Steps of one day in the order in which they grow harder. */
const hardness: Record<DunningAction, number> = { remind: 0, suspend: 1, cancel: 2 };

function inOrder(steps: readonly DunningStep[]): DunningStep[] {
  return [...steps].sort(
    (a, b) => a.afterDays - b.afterDays || hardness[a.action] - hardness[b.action],
  );
}
