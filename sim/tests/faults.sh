#!/bin/sh
# Heavy faults from outside: nothing breaks, and the trace says so too. Arguments: PROGRAM SOURCE.
# With CASHPOINT_LONG=1 in the environment a million reservations (two minutes of CPU time).
set -u
program=$(realpath "$1")
source=$(realpath "$2")
. "$source/sim/tests/expect.sh"
faults="$source/scenarios/faults.yaml"
check_trace="$source/scripts/check-trace"

for scheme in sms-code image-code; do
    expect 0 "fingerprint" "$program" run "$faults" --no-report --out $scheme --trace $scheme.txt --trace-unit $scheme/0 \
        --set replications=1 --set customers.count=2000 --set 'duration=30 h' --set "schemes=[$scheme]"
    expect 0 "no invariant is broken" "$check_trace" $scheme.txt
done

# --- a trace in which something is wrong is found out
notes=$(grep -n ' notes-out ' sms-code.txt | head -n 1)
line=${notes%%:*}
sed "${line}p" sms-code.txt >twice.txt
expect 1 "invariant 1: paid a second time" "$check_trace" twice.txt
sed "${line}s/ notes-out / reversing /" sms-code.txt >reversed.txt
expect 1 "invariant 10: booked, but the notes are not out" "$check_trace" reversed.txt
sed "${line}{h;s/ notes-out / reversing /;p;x}" sms-code.txt >late.txt
expect 1 "invariant 7: paid after its reversal began" "$check_trace" late.txt
: >empty.txt
expect 1 "is it a trace" "$check_trace" empty.txt

if [ "${CASHPOINT_LONG:-}" = 1 ]; then
    check "no invariant breaks" "$program" run "$faults" --no-report --out million --set 'schemes=[sms-code]' \
        --set replications=4 --set customers.count=20000 --set terminals.atms=400 --set 'duration=32 day' \
        --set 'bank.service=exponential(mean 500 ms)'
    check "a million reservations" awk -F, \
        '$2 == "reservations" {n = $5 * $6} END {exit !(n > 1e6)}' million/summary.csv
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
