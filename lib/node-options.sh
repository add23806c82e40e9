#!/bin/bash
# Lambda's wrapper script: it gets the interpreter and all of its arguments, and starts the runtime with one more. The
# runtime allows V8 a young generation of 5 % of the function's memory, which calls fill with garbage before any of it is
# collected; NODE_OPTIONS cannot lower it, because the runtime's own arguments win. The last word is the runtime's module;
# of options that come twice the later one holds.
# https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
# Each thread of the pools of libuv and V8 would else keep an arena of the allocator to itself: a sixth of what is resident.
# https://man7.org/linux/man-pages/man3/mallopt.3.html (M_ARENA_MAX)
# A young generation of this size is swept in less time than it takes to wake other threads for it, and a function has less
# than one processor: alone, the main thread uses a tenth less processor time for a call (`npm run bench -- gateway`).
export MALLOC_ARENA_MAX=2
exec "${@:1:$#-1}" --max-semi-space-size=8 --no-parallel-scavenge "${@: -1}"
