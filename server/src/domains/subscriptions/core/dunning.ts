/** What is done about an invoice that is not paid in time: steps as data, each taken once, all undone by the payment. */
export type DunningAction = 'remind' | 'suspend' | 'cancel';

export interface DunningStep {
  /** Since the end of the invoice's term. */
  afterDays: number;
  action: DunningAction;
}

/** The first of the steps that are not taken, and when it is due; undefined when all are. */
export function nextDunningStep(
  steps: readonly DunningStep[],
  { overdueSince, taken }: { overdueSince: Date; taken: number },
): (DunningStep & { at: Date }) | undefined {
  const step = inOrder(steps)[taken];
  // In hours, not calendar days: a step never comes early where the clocks go forward.
  return step && { ...step, at: new Date(overdueSince.getTime() + step.afterDays * dayMs) };
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
