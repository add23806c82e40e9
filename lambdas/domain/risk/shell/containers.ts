import { behind, hasLetter, type Options, placesBehind, valuesOf } from "./options.ts";

/** All long options of `run` and `exec` that take no value; any other takes one. */
const FLAGS =
  "detach interactive tty privileged rm init read-only publish-all no-healthcheck oom-kill-disable quiet help replace rmi env-host no-hosts no-hostname tls-verify unsetenv-all read-only-tmpfs http-proxy sig-proxy disable-content-trust build no-deps service-ports use-aliases remove-orphans quiet-pull quiet-build no-TTY no-tty latest";
const VALUES =
  "add-host annotation attach blkio-weight cap-add cap-drop cgroup-parent cgroupns cidfile cpu-period cpu-quota cpu-shares cpus cpuset-cpus cpuset-mems detach-keys device device-cgroup-rule dns dns-option dns-search domainname entrypoint env env-file env-from-file expose gpus group-add health-cmd health-interval health-retries health-timeout hostname index ip ip6 ipc isolation label label-file link log-driver log-opt mac-address memory memory-swap mount name net network network-alias oom-score-adj pid pids-limit platform publish pull restart runtime security-opt shm-size stop-signal stop-timeout storage-opt sysctl tmpfs ulimit user userns uts volume volume-driver volumes-from workdir";
const OPTIONS: Options = { values: "ewuvplhmca", long: VALUES, flags: FLAGS };
/** Of `exec`, where `-l` is podman's `--latest`. */
const EXEC_OPTIONS: Options = { ...OPTIONS, values: "ewu" };

const KUBECTL: Options = {
  values: "nfcslv",
  long: "namespace container filename context kubeconfig cluster user server token as request-timeout pod-running-timeout",
  flags: "stdin tty quiet",
};

/** `docker exec -it name sh -c …`: what follows the container's or image's name, behind what the image is told to start. */
export function inContainer(words: readonly string[]): readonly (readonly string[])[] {
  const at = words.findIndex((word) => word === "exec" || word === "run" || word === "create");
  if (at === -1) return [];
  const rest = words.slice(at + 1);
  if (words[at] === "exec") return behind(rest, EXEC_OPTIONS, namesLatest(rest) ? 0 : 1);
  const [entry] = valuesOf(rest, "--entrypoint", OPTIONS);
  if (entry === undefined) return behind(rest, OPTIONS, 1);
  // Behind the image all that follows is what the entry point is given.
  return placesBehind(rest, OPTIONS, 0).places.map((image) => [...entry.split(" "), ...rest.slice(image + 1)]);
}

/** `podman exec -l sh`: the container that was made last, which has no name there. */
function namesLatest(words: readonly string[]): boolean {
  const [first] = placesBehind(words, EXEC_OPTIONS, 0).places;
  return words.slice(0, first).some((word) => word === "--latest" || hasLetter(word, "l", EXEC_OPTIONS.values));
}

/** `kubectl exec pod -- sh`, and the older spelling without the dashes. */
export function inPod(words: readonly string[]): readonly (readonly string[])[] {
  const dashes = words.indexOf("--");
  if (dashes !== -1) return [words.slice(dashes + 1)];
  const at = words.findIndex((word) => word === "exec" || word === "rsh");
  return at === -1 ? [] : behind(words.slice(at + 1), KUBECTL, 1);
}
