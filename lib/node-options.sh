#!/bin/bash
# Lambda's wrapper script: it gets the interpreter and all of its arguments, and starts the runtime with one more. The
# runtime allows V8 a young generation of 5 % of the function's memory, which calls fill with garbage before any of it is
# collected; NODE_OPTIONS cannot lower it, because the runtime's own arguments win. The last word is the runtime's module;
# of options that come twice the later one holds.
# https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
exec "${@:1:$#-1}" --max-semi-space-size=8 "${@: -1}"
