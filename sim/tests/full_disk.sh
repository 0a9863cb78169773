#!/bin/sh
# A full disk, for real: a run that finds no room fails with the way out, and goes on with --resume to
# the same bytes when there is room again. Argument: PROGRAM.
set -u
program=$(realpath "$1")
here=$(mktemp -d)
disk=$here/disk
mounted=
# shellcheck disable=SC2154 # set by the trap's own text
trap 'cd /; [ -z "$mounted" ] || umount "$disk"; rm -rf "$here"' EXIT
cd "$here" || exit 1
passed=0
failed=0

check() {
    what=$1
    shift
    if "$@" >>said 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n' "$what"
        head -n 20 said | sed 's/^/  | /'
    fi
}

# run CODE TEXT ARGUMENT...: cashpoint run, or what $with is, with ARGUMENTs
run() {
    code=$1 text=$2
    shift 2
    # shellcheck disable=SC2086 # words
    timeout 120 $with "$program" run "$@" --no-report >said 2>&1 </dev/null
    got=$?
    check "$with run $* (exit $got, expected $code and '$text')" test $got -eq "$code"
    check "$with run $*: says '$text'" grep -q "$text" said
}

# same DIR
same() {
    for file in summary.csv replications.csv curves.csv gallery.csv fingerprint.txt; do
        check "$file of $1" cmp "whole/$file" "$1/$file"
    done
}

cat >town.yaml <<'END'
description: Twelve short units
duration: 9 h
replications: 6
customers: {count: 120, reservations: 2 /day}
terminals: {atms: 5}
END
with=
run 0 fingerprint town.yaml --out whole
bytes=$(stat -c %s whole/journal)

# part DIR: some units are in its journal, not all, and no line is lost that was promised
part() {
    lines=$(wc -l <"$1/journal")
    check "$1: $lines lines of 13 are in the journal" test "$lines" -ge 1 -a "$lines" -lt 13
}

# --- no file may grow beyond a size: ulimit -f, in blocks of 512 bytes
# (the program ignores SIGXFSZ, so that the write fails with EFBIG as it does with ENOSPC)
for share in 2 5 8; do
    cat >limited <<END
#!/bin/sh
ulimit -f $((bytes * share / 10 / 512))
exec "\$@"
END
    chmod +x limited
    with=./limited
    run 1 "journal: cannot be written: File too large; make room, then resume the run" \
        town.yaml --out limited$share
    part limited$share
    with=
    run 0 fingerprint --resume limited$share --jobs $((1 + share % 2))
    same limited$share
done

# --- a file system that is full, where we may mount one
mkdir disk
if mount -t tmpfs -o size=16m none "$disk" 2>/dev/null; then
    mounted=yes
    # fill KB: leaves so much room
    fill() {
        rm -f "$disk/ballast"
        room=$(df -k --output=avail "$disk" | tail -n 1)
        dd if=/dev/zero of="$disk/ballast" bs=1024 count=$((room - $1)) 2>/dev/null
    }
    for share in 3 6; do
        rm -rf "$disk/run"
        fill $((bytes * share / 10 / 1024))
        run 1 "journal: cannot be written: No space left on device; make room, then resume" \
            town.yaml --out "$disk/run" --jobs 2
        part "$disk/run"
        run 1 "No space left on device" --resume "$disk/run" # still full
        part "$disk/run"
        rm "$disk/ballast"
        run 0 fingerprint --resume "$disk/run"
        same "$disk/run"
    done
    # room for the journal, none for the records: they can be written again
    rm -rf "$disk/run"
    fill $((bytes / 1024 + 16))
    run 1 "to write the records again: cashpoint run --resume" town.yaml --out "$disk/run"
    check "every unit is in the journal" test "$(wc -l <"$disk/run/journal")" -eq 13
    rm "$disk/ballast"
    run 0 "12 of 12 units are done" --resume "$disk/run"
    same "$disk/run"
else
    echo "no file system can be mounted here: ulimit alone was tried"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
