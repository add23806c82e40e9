import type { Options } from "./options.ts";

/** A program that runs the command behind its options. */
export interface Wrapper extends Options {
  /** Its own operands, which come first. */
  readonly operands?: number;
  /** Set where the words are put together again, for a shell to read. */
  readonly joins?: true;
  /** Options whose value a shell reads. */
  readonly scripts?: string;
  /** Set where options take more words than one: each later word may be the program. */
  readonly anywhere?: true;
}

export const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map(
  Object.entries<Wrapper>({
    sudo: {
      values: "aCcDghpRrTtUu",
      long: "user group host prompt chdir chroot close-from command-timeout role type other-user login-class auth-type",
      flags:
        "askpass background bell edit login set-home stdin non-interactive preserve-groups preserve-env reset-timestamp remove-timestamp shell list validate version help",
    },
    doas: { values: "uCa" },
    pkexec: { long: "user", flags: "disable-internal-agent keep-cwd" },
    run0: { values: "ugD", long: "user group chdir unit property description slice setenv background machine" },
    gosu: { operands: 1 },
    "su-exec": { operands: 1 },
    setpriv: {
      long: "reuid regid groups ruid euid rgid egid bounding-set inh-caps ambient-caps securebits pdeathsig",
      flags: "init-groups clear-groups keep-groups no-new-privs nnp reset-env",
    },
    runas: {},
    env: {
      values: "uCSPaL",
      long: "unset chdir split-string argv0",
      flags: "ignore-environment null debug default-signal ignore-signal block-signal list-signal-handling",
      scripts: "-S --split-string",
    },
    "cross-env": {},
    dotenv: { values: "efvpc" },
    command: {},
    builtin: {},
    exec: { values: "a" },
    nohup: {},
    setsid: { flags: "ctty fork wait" },
    disown: {},
    nice: { values: "n", long: "adjustment" },
    ionice: { values: "cnpPu", long: "class classdata pid pgid uid", flags: "ignore" },
    chrt: { values: "TPD", long: "sched-runtime sched-period sched-deadline", operands: 1 },
    taskset: { operands: 1, flags: "all-tasks pid cpu-list" },
    numactl: { values: "iNmCcpPw", long: "interleave cpunodebind membind physcpubind preferred preferred-many" },
    prlimit: { anywhere: true },
    cpulimit: { values: "lpePc", long: "limit pid exe path cpu" },
    time: { values: "fo", long: "format output", flags: "portability append verbose quiet" },
    gtime: { values: "fo", long: "format output", flags: "portability append verbose quiet" },
    timeout: { values: "ks", long: "kill-after signal", flags: "foreground preserve-status verbose", operands: 1 },
    gtimeout: { values: "ks", long: "kill-after signal", flags: "foreground preserve-status verbose", operands: 1 },
    stdbuf: { values: "ioe", long: "input output error" },
    unbuffer: {},
    xargs: {
      values: "IJRSnPLdEsa",
      glued: "iel",
      long: "arg-file delimiter max-procs max-args max-chars process-slot-var",
      flags: "null no-run-if-empty verbose interactive exit open-tty show-limits replace max-lines eof",
    },
    parallel: {
      values: "jInNLadSCEPs",
      glued: "il",
      long: "jobs max-procs arg-file colsep delimiter max-args max-replace-args delay timeout sshlogin sshloginfile joblog results workdir wd tmpdir nice retries load memfree basefile block recstart recend tagstring halt shuf-seed",
      flags:
        "keep-order bar progress eta dry-run verbose will-cite no-notice pipe linebuffer line-buffer lb ungroup group tag null no-run-if-empty quote gnu xargs interactive resume",
    },
    busybox: {},
    toybox: {},
    chroot: { operands: 1, long: "userspec groups", flags: "skip-chdir" },
    unshare: { values: "RwSG", long: "root wd setuid setgid propagation setgroups map-user map-group" },
    nsenter: { values: "tSG", glued: "muinpCUTrw", long: "target setuid setgid", flags: "all preserve-credentials" },
    watch: {
      values: "nq",
      glued: "d",
      long: "interval equexit",
      flags: "differences no-title beep errexit chgexit color exec precise no-wrap",
      joins: true,
    },
    strace: { values: "abeEIoOpPsSuUX", long: "attach output trace user env string-limit" },
    ltrace: { values: "aADeFlnopsuwxX", long: "output user" },
    valgrind: {},
    gdb: {},
    perf: { anywhere: true },
    flock: {
      values: "wEc",
      long: "wait timeout conflict-exit-code command",
      flags: "shared exclusive unlock nonblock nb close no-fork verbose",
      operands: 1,
      scripts: "-c --command",
    },
    chronic: {},
    caffeinate: { values: "tw" },
    fakeroot: { values: "lsib", long: "lib faked" },
    firejail: { anywhere: true },
    bwrap: { anywhere: true },
    "systemd-nspawn": { anywhere: true },
    "systemd-run": { values: "pEuHM", anywhere: true },
    "systemd-inhibit": { long: "what who why mode" },
    proot: { values: "rbwqRSi" },
    proxychains: { values: "f" },
    proxychains4: { values: "f" },
    torsocks: {},
    torify: {},
    sshpass: { values: "fdpP", glued: "e" },
    "xvfb-run": { values: "enspfw", long: "auth-file error-file server-num server-args wait xauth-protocol" },
    "dbus-run-session": { long: "config-file dbus-daemon" },
    eatmydata: {},
    "ssh-agent": { values: "atE" },
    entr: {},
    k3s: {},
    microk8s: {},
    wsl: { values: "duecD", long: "distribution user exec cd" },
    start: {},
    hyperfine: {
      values: "wmMrpscnuSL",
      long: "warmup min-runs max-runs runs prepare setup cleanup conclude command-name time-unit shell export-json export-csv export-markdown parameter-list",
      joins: true,
      scripts: "-p --prepare -s --setup -c --cleanup",
    },
  }),
);
