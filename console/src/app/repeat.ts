/**
 * Does something at once and then every `seconds` after it ended, as long as the page can be seen.
 *
 * @param work gives false when it need not be done again; must not throw
 * @returns `now` does it at once, `stop` ends it
 */
export function repeat(seconds: number, work: () => Promise<boolean>): { now: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let stopped = false;
  let asked = false;
  const now = () => {
    clearTimeout(timer);
    if (stopped) return;
    // Asked for while an older answer is on its way: that one may not know yet, so it is done once more after it.
    if (running) {
      asked = true;
      return;
    }
    running = true;
    void work().then((again) => {
      running = false;
      if (asked) {
        asked = false;
        now();
      } else if (again && !stopped) timer = setTimeout(() => !document.hidden && now(), seconds * 1000);
    });
  };
  const seen = () => !document.hidden && now();
  document.addEventListener("visibilitychange", seen);
  now();
  return {
    now,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    },
  };
}
