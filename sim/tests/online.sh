#!/bin/sh
# Network terminals from outside: their scenarios run, and what cannot be is named before anything
# runs. Arguments: PROGRAM, SOURCE folder.
set -u
program=$(realpath "$1")
source=$(realpath "$2")
. "$(dirname "$(realpath "$0")")/expect.sh"
quickstart="$source/scenarios/quickstart.yaml"

# metric FILE SCHEME NAME: its mean
metric() {
    awk -F, -v scheme="$2" -v name="$3" '$1 == scheme && $2 == name { print $6 }' "$1"
}

# --- online banking: it takes longer to reserve, and changes nothing at the machine
expect 0 "fingerprint" "$program" run "$source/scenarios/online-banking.yaml" --no-report --out online \
    --replications 1 --set customers.count=600
for scheme in sms-code image-code; do
    phones=$(metric online/points/1/summary.csv $scheme reserve-time)
    both=$(metric online/points/2/summary.csv $scheme reserve-time)
    computers=$(metric online/points/3/summary.csv $scheme reserve-time)
    check "$scheme: $phones s on phones, $both s in between, $computers s on computers" awk -v a="$phones" \
        -v b="$both" -v c="$computers" 'BEGIN { exit !(a > 8 && a < b && b < c && c < 60) }'
    for point in 1 2 3; do
        paid=$(metric online/points/$point/summary.csv $scheme outcome.paid)
        check "$scheme: $paid of the reservations are paid" awk -v p="$paid" 'BEGIN { exit !(p > 0.6) }'
    done
done

# --- what does not go together
expect 65 "cannot answer the bank while its owner stands at the machine" "$program" validate "$quickstart" \
    --set 'computer.share=10 %' --set order=at-terminal
for way in image-to-phone photo-of-display; do
    expect 65 "set token.way to token-display" "$program" validate "$quickstart" --set 'computer.share=10 %' \
        --set token.way=$way
    expect 0 "no mistakes" "$program" validate "$quickstart" --set 'computer.share=10 %' --set token.way=$way \
        --set 'schemes=[sms-code]'
done
expect 0 "no mistakes" "$program" validate "$quickstart" --set order=at-terminal --set token.way=image-to-phone

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
