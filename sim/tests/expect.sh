# Read by test scripts: a folder of their own to work in, and two ways to ask. Before: set -u, $program.
# shellcheck shell=sh
[ -x "$program" ] || {
    echo "'$program' is no program that can be run: build it first (scripts/build release)" >&2
    exit 1
}
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here" || exit 1
passed=0
failed=0

# expect CODE TEXT COMMAND...: the exit code, and a text somewhere in what it printed
expect() {
    code=$1 text=$2
    shift 2
    timeout 120 "$@" >out 2>&1 </dev/null
    got=$?
    if [ "$got" -eq "$code" ] && grep -qF -- "$text" out; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n  expected exit %s and "%s", got exit %s and:\n' "$*" "$code" "$text" "$got"
        head -n 20 out | sed 's/^/  | /'
    fi
}

# check WHAT COMMAND...: a command that must succeed
check() {
    what=$1
    shift
    if "$@" >out 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n' "$what"
        head -n 20 out | sed 's/^/  | /'
    fi
}
