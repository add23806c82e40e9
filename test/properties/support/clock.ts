/** Puts the functions' clock forward: all of them ask `Date.now`. Timers go on as before. Make it before what is to use it. */
export function startClock() {
  const real = Date.now;
  let ahead = 0;
  Date.now = () => real() + ahead;
  return {
    forward: (minutes: number) => {
      ahead += minutes * 60_000;
    },
    stop: () => {
      Date.now = real;
    },
  };
}

export type Clock = ReturnType<typeof startClock>;
