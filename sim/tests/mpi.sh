#!/bin/sh
# Ranks: the same bytes from any number of them, and what happens when one fails, dies or is
# interrupted. Arguments: PROGRAM, MPIRUN (empty: this build has no Open MPI). Exit 77: skipped.
set -u
program=$(realpath "$1")
mpirun=${2:-}
if [ -z "$mpirun" ] || [ ! -e "$(dirname "$program")/cashpoint-mpi.so" ]; then
    echo "SKIP: this build has no Open MPI ranks (CASHPOINT_MPI=OFF, or no libopenmpi-dev and openmpi-bin)"
    exit 77
fi
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here" || exit 1
passed=0
failed=0

export NO_COLOR=1 # mpirun lends its ranks a terminal
# Open MPI refuses root, and more ranks than processors, unless told; CI has both.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
# What Open MPI leaves to the end of the process is no leak of ours, but it has unloaded most of its
# parts by then: there is no name left to suppress. So leaks are not told here under mpirun; those of
# the letters between ranks are by the test `ranks`.
cat >mpirun <<END
#!/bin/sh
ASAN_OPTIONS=\${ASAN_OPTIONS:+\$ASAN_OPTIONS:}detect_leaks=0 exec "$mpirun" "\$@"
END
chmod +x mpirun
mpirun=$here/mpirun

fail() {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$1"
    head -n 30 said | sed 's/^/  | /'
}

# expect CODE TEXT COMMAND...: the exit code, and a text in what it said. A hang ends with 124.
expect() {
    code=$1 text=$2
    shift 2
    timeout 120 "$@" >said 2>&1 </dev/null
    got=$?
    if [ "$got" -eq "$code" ] && grep -qF -- "$text" said; then
        passed=$((passed + 1))
    else
        fail "$* (exit $got, expected $code and \"$text\")"
    fi
}

check() {
    what=$1
    shift
    if "$@" >>said 2>&1; then passed=$((passed + 1)); else fail "$what"; fi
}

# same DIR: the records of `whole`
same() {
    for file in summary.csv replications.csv curves.csv fingerprint.txt; do
        check "$file of $1" cmp "whole/$file" "$1/$file"
    done
}

# rank ARGUMENT...: cashpoint run, as one rank that notes its exit code, and exits with 0: at any other
# mpirun would end those that have not written theirs
cat >rank <<END
#!/bin/sh
"$program" run "\$@" --no-report
echo \$? >code.\$OMPI_COMM_WORLD_RANK
END
chmod +x rank

# all_exited N CODE
all_exited() {
    for rank in $(seq 0 $(($1 - 1))); do
        check "rank $rank exits with $2" test "$(cat "code.$rank")" = "$2"
    done
    rm -f code.*
}

cat >town.yaml <<'END'
description: Twelve short units
duration: 9 h
replications: 6
customers: {count: 150, reservations: 2 /day}
terminals: {atms: 5}
END

# --- the same bytes
expect 0 fingerprint "$program" run town.yaml --out whole --jobs 1 --no-report
for n in 1 2 3; do
    expect 0 fingerprint "$mpirun" -n $n "$program" run town.yaml --out ranks$n --no-report
    same ranks$n
    check "$n ranks: only one of them speaks" test "$(grep -c fingerprint said)" -eq 1
done
check "the manifest tells the ranks" grep -q '"ranks": 3,' ranks3/manifest.json
check "and the library" grep -q '"mpi": {"built": "Open MPI v.*", "running": "Open MPI v' ranks3/manifest.json
expect 0 fingerprint "$mpirun" -n 2 "$program" run town.yaml --out jobs --jobs 2 --no-report
same jobs
expect 0 "shard       1/2: 6 of" "$mpirun" -n 2 "$program" run town.yaml --out shard1 --shard 1/2
expect 0 "shard       2/2: 6 of" "$program" run town.yaml --out shard2 --shard 2/2
expect 0 fingerprint "$program" merge shard1 shard2 --out merged --no-report
same merged
expect 0 fingerprint "$mpirun" -n 2 -x CASHPOINT_MPI=OFF sh -c \
    '"$0" run town.yaml --out alone$OMPI_COMM_WORLD_RANK --no-report' "$program"
same alone0
same alone1

# --- a sweep: the units of all its points
cat >swept.yaml <<'END'
extends: town.yaml
description: The town with a strict bank and with a patient one
replications: 3
sweep: {bank.tries: [1, 5]}
END
expect 0 fingerprint "$program" run swept.yaml --out swept1 --jobs 1 --no-report
expect 0 fingerprint "$mpirun" -n 3 "$program" run swept.yaml --out swept3 --no-report
for file in summary.csv fingerprint.txt points/1/replications.csv points/2/replications.csv; do
    check "a sweep on 3 ranks: $file" cmp swept1/$file swept3/$file
done

# --- sequential stopping: the same replications
set -- --replications 40 --set schemes=[sms-code] --set precision.metric=sms-code.session-time \
    --set 'precision.within=6 %' --set precision.least=4
expect 0 "precision   reached after" "$program" run town.yaml "$@" --out precise1 --jobs 1 --no-report
expect 0 "precision   reached after" "$mpirun" -n 3 "$program" run town.yaml "$@" --out precise3 --no-report
check "a sequential run is the same for 3 ranks" cmp precise1/replications.csv precise3/replications.csv
check "and ended early" test "$(wc -l <precise3/journal)" -lt 38

# --- what goes wrong before anything runs: said once, known to all
expect 0 "--nonsense" "$mpirun" -n 3 ./rank town.yaml --nonsense
check "a wrong option is told once" test "$(grep -c nonsense said)" -eq 1
all_exited 3 2
expect 0 "nothing was run" "$mpirun" -n 3 ./rank town.yaml --set bank.tris=4
check "a mistake is told once" test "$(grep -c tris=4:1:1 said)" -eq 1
all_exited 3 65
set -- town.yaml --set 'expect=[image-code.completion > 100 %]'
expect 0 "NOT MET" "$mpirun" -n 3 ./rank "$@" --out hopeless
all_exited 3 99
expect 99 "NOT MET" "$mpirun" -n 3 "$program" run "$@" --out hopeless99 --no-report
mkdir bare && cp "$program" bare/
expect 1 "this build has no Open MPI" "$mpirun" -n 2 bare/cashpoint run town.yaml --out bare/run --no-report
expect 0 fingerprint "$mpirun" -n 1 bare/cashpoint run town.yaml --out bare/one --no-report
same bare/one

# --- a rank, or a unit on it, is lost: what was finished stays, --resume does the rest

# rank_process RANK: the child of mpirun that is this rank
rank_process() {
    for process in $(cat "/proc/$mpirun_pid/task/$mpirun_pid/children"); do
        tr '\0' '\n' <"/proc/$process/environ" | grep -qx "OMPI_COMM_WORLD_RANK=$1" && echo "$process"
    done
}

# kill_unit RANK: what computes a unit for it; again, as it may have ended just before, up to the end
kill_unit() {
    rank=$(rank_process "$1")
    while kill -0 $starter 2>/dev/null && units=$(cat "/proc/$rank/task/$rank/children"); do
        [ -n "$units" ] && kill -KILL "${units%% *}"
        sleep 0.01
    done 2>/dev/null
}

# start DIR: 3 ranks at work on longer units, some of which are done
start() {
    timeout 120 "$mpirun" -n 3 "$program" run long.yaml --out "$1" --no-report >said 2>&1 </dev/null &
    starter=$!
    for _ in $(seq 2000); do
        [ "$(wc -l 2>/dev/null <"$1/journal" || echo 0)" -ge 3 ] && break
        sleep 0.01
    done
    mpirun_pid=$(sed 's/ .*//' "/proc/$starter/task/$starter/children")
}

# resume DIR COMMAND...: was broken off with some units done, goes on with COMMAND to the same bytes
resume() {
    lines=$(wc -l <"$1/journal")
    check "$1 was broken off ($lines lines)" test "$lines" -ge 3 -a "$lines" -lt 13
    go_on "$@"
}

go_on() {
    dir=$1
    shift
    expect 0 fingerprint "$@" run --resume "$dir" --no-report
    same "$dir"
}

rm -rf whole
sed 's/count: 150/count: 1000/' town.yaml >long.yaml
expect 0 fingerprint "$program" run long.yaml --out whole --no-report

start lost
kill -KILL "$(rank_process 1)"
wait $starter
code=$?
check "a lost rank ends the job (exit $code)" test $code -ne 0 -a $code -ne 124
cp -r lost found
resume lost "$mpirun" -n 2 "$program"
resume found "$program"

start died
kill_unit 2
wait $starter
code=$?
check "a lost unit fails the run (exit $code)" test $code -eq 1
check "and is named" grep -q "the process of replication .* died" said
resume died "$program"

start interrupted
kill -INT "$(rank_process 0)"
wait $starter
code=$?
check "SIGINT ends with 130 ($code)" test $code -eq 130
check "and says how to go on" grep -q -- "--resume interrupted" said
resume interrupted "$mpirun" -n 3 "$program"

start ended
kill -TERM "$mpirun_pid"
wait $starter
code=$?
check "mpirun was ended ($code)" test $code -ne 0 -a $code -ne 124
go_on ended "$program" # mpirun gives its ranks a second, in which they may finish

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
