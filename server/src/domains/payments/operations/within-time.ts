/**
 * Waits for work no longer than so many milliseconds of the wall clock; undefined where it was not done by then. The work
 * goes on, and `failedLater` hears when it fails with nobody waiting any more.
 */
export async function withinTime<T>(
  work: Promise<T>,
  milliseconds: number,
  failedLater: (error: unknown) => void,
): Promise<T | undefined> {
  let isLate = false;
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      isLate = true;
      resolve(undefined);
    }, milliseconds);
  });
  const watched = work.catch((error) => {
    if (!isLate) throw error;
    failedLater(error);
    return undefined;
  });
  try {
    return await Promise.race([watched, end]);
  } finally {
    clearTimeout(timer);
  }
}
