/** Whether the shop takes requests: it stops once, and then for good. */
export interface Lifecycle {
  readonly isStopping: boolean;
  stop(): void;
}

export function lifecycle(): Lifecycle {
  let isStopping = false;
  return {
    get isStopping() {
      return isStopping;
    },
    stop() {
      isStopping = true;
    },
  };
}
