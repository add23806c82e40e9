/** The functions' clock, which can be put forward by hours and jump for a while; the true time, as AWS has it, does not jump. */
export function skewedClock() {
  const real = Date.now;
  let ahead = 0;
  let jump = 0;
  const trueNow = () => real() + ahead;
  Date.now = () => trueNow() + jump;
  return {
    trueNow,
    forward: (milliseconds: number) => {
      ahead += milliseconds;
    },
    /** @param milliseconds how far the functions' clocks are off; 0: they are right again */
    jump: (milliseconds: number) => {
      jump = milliseconds;
    },
    stop: () => {
      Date.now = real;
    },
  };
}

export type SkewedClock = ReturnType<typeof skewedClock>;
