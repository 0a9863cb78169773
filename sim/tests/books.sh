#!/bin/sh
# The bank's books in a file: the same records as in memory, nothing left behind, and a clear word when
# there is no room. Arguments: PROGRAM, SOURCE folder.
set -u
program=$(realpath "$1")
source=$(realpath "$2")
. "$(dirname "$(realpath "$0")")/expect.sh"
scratch=$PWD/scratch
mkdir "$scratch"

# both NAME SCENARIO ARGUMENT...: in memory and in a file
both() {
    name=$1 scenario=$2
    shift 2
    for where in memory file; do
        expect 0 "fingerprint" env TMPDIR="$scratch" "$program" run "$source/scenarios/$scenario.yaml" --no-report \
            --out "$name-$where" --replications 1 --set bank.database=$where "$@"
    done
    check "$name: the same records" cmp "$name-memory/fingerprint.txt" "$name-file/fingerprint.txt"
    check "$name: nothing is left behind" test -z "$(ls "$scratch")"
}

both town quickstart --set customers.count=200
both faults faults --set customers.count=60
both merchants pos --set customers.count=200

expect 1 "set TMPDIR to one with room" env TMPDIR="$PWD/missing" "$program" run "$source/scenarios/quickstart.yaml" \
    --no-report --out nowhere --replications 1 --set customers.count=20 --set bank.database=file

# A full disk, where we may mount one: too small for the books, not for what they begin with.
if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=200k none small 2>/dev/null; then
    trap 'umount "$PWD/small" 2>/dev/null' EXIT
    expect 1 "the bank's database failed: database or disk is full" env TMPDIR="$PWD/small" "$program" run \
        "$source/scenarios/quickstart.yaml" --no-report --out small-run --replications 1 --jobs 1 \
        --set 'schemes=[sms-code]' --set customers.count=3000 --set bank.database=file
    check "nothing is left on the full disk" test -z "$(ls small)"
    umount small
fi

# What a bench measured on this machine is how long a scenario's bank takes.
cp "$source/scenarios/bank-workers.yaml" .
printf '%s\n' 'extends: bank-workers.yaml' 'replications: 1' 'customers: {count: 300}' 'report: {needed: ""}' \
    'bank: {workers: 1, service: empirical(file service.csv)}' 'sweep: {customers.reservations: [1 /day]}' >measured.yaml
expect 0 "bank/redemption/in memory" "$program" bench bank --quick --jobs 1 --service 'bank/redemption/in memory=service.csv'
check "200 times, ascending" awk '/^#|value/ { next } $1 < last || $1 <= 0 { bad = 1 } { last = $1; n++ }
    END { exit bad || n != 200 }' service.csv
expect 0 "fingerprint" "$program" run measured.yaml --no-report --out measured
check "the bank is hardly busy" awk -F, '$2 == "bank-utilisation" { use = $6 } END { exit !(use > 0 && use < 0.01) }' \
    measured/summary.csv
expect 1 "the table above names them" "$program" bench bank --quick --jobs 1 --service 'bank/nothing=service.csv'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
