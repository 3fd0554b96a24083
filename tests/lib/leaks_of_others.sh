# SPDX-License-Identifier: BSD-3-Clause
# For tests of all2all-issue with sanitizers, in "$scratch": what fontconfig and Pango keep until the
# process ends is no leak of ours. Sourced by bash.
printf 'leak:libfontconfig\nleak:libpango\n' >"$scratch/leaks"
export LSAN_OPTIONS="suppressions='$scratch/leaks':print_suppressions=0"
