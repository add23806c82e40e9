#!/bin/bash
# Lambda's wrapper script: it gets the interpreter and all of its arguments, and starts the runtime with one more. The
# runtime allows V8 a young generation of 5 % of the function's memory, which calls fill with garbage before any of it is
# collected; NODE_OPTIONS cannot lower it, because the runtime's own arguments win. The last word is the runtime's module;
# of options that come twice the later one holds.
# https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
# Each thread of the pools of libuv and V8 would else keep an arena of the allocator to itself: a sixth of what is resident.
# https://man7.org/linux/man-pages/man3/mallopt.3.html (M_ARENA_MAX)
export MALLOC_ARENA_MAX=2
exec "${@:1:$#-1}" --max-semi-space-size=8 "${@: -1}"
