/** A list that arrives page by page, as tables draw it. */
export interface Pages<T> {
  /** Undefined until the first page is here. */
  rows: T[] | undefined;
  error: Error | null;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
}

/** Rows that are all here already, as a list that tables can draw. */
export function settledList<T>(rows: T[]): Pages<T> {
  const nothing = () => undefined;
  return {
    rows,
    error: null,
    hasMore: false,
    isLoadingMore: false,
    loadMore: nothing,
    retry: nothing,
  };
}
