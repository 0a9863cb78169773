#!/bin/sh
# Terminals from outside: the scenarios of the POS, of cassettes that run empty, of the camera's
# switching and of both orders of events show what they say, and what cannot be is named before
# anything runs. Arguments: PROGRAM, SOURCE folder.
set -u
program=$(realpath "$1")
source=$(realpath "$2")
. "$(dirname "$(realpath "$0")")/expect.sh"
quickstart="$source/scenarios/quickstart.yaml"

# metric FILE SCHEME NAME: its mean
metric() {
    awk -F, -v scheme="$2" -v name="$3" '$1 == scheme && $2 == name { print $6 }' "$1"
}

# --- a merchant's till: the fuller, the fewer are sent away
expect 0 "fingerprint" "$program" run "$source/scenarios/pos.yaml" --no-report --out pos --replications 1
for scheme in sms-code image-code; do
    for point in 1 2 3; do
        paid=$(metric pos/points/$point/summary.csv $scheme pos-paid)
        all=$(metric pos/points/$point/summary.csv $scheme withdrawals-paid)
        check "$scheme: $paid of $all are paid from tills" awk -v p="$paid" -v a="$all" \
            'BEGIN { exit !(p > 50 && p < 0.6 * a) }'
    done
    low=$(metric pos/points/1/summary.csv $scheme pos-till-short)
    middle=$(metric pos/points/2/summary.csv $scheme pos-till-short)
    full=$(metric pos/points/3/summary.csv $scheme pos-till-short)
    check "$scheme: $low, $middle and $full find the till too low" awk -v a="$low" -v b="$middle" -v c="$full" \
        'BEGIN { exit !(a > b && b > c && c < 0.2) }'
done
expect 65 "at most 65535 machines in all" "$program" validate "$quickstart" --set terminals.atms=65000 \
    --set terminals.pos.count=1000
expect 65 "counted" "$program" validate "$quickstart" --set terminals.pos.count=3 \
    --set 'faults.at=[10:00 terminal-crash atm:103 2 min]'
expect 0 "no mistakes" "$program" validate "$quickstart" --set terminals.pos.count=3 \
    --set 'faults.at=[10:00 terminal-crash atm:102 2 min]'

# --- cassettes: the seldomer the service comes, the more are sent away
expect 0 "fingerprint" "$program" run "$source/scenarios/cassettes.yaml" --no-report --out notes --replications 1 \
    --set 'duration=2 day'
for scheme in sms-code image-code; do
    often=$(metric notes/points/1/summary.csv $scheme no-notes)
    seldom=$(metric notes/points/3/summary.csv $scheme no-notes)
    empty=$(metric notes/points/3/summary.csv $scheme out-of-cash)
    on=$(metric notes/points/3/summary.csv $scheme went-elsewhere)
    check "$scheme: $often find no notes, with few refills $seldom; $empty of the time empty, $on go on" \
        awk -v a="$often" -v b="$seldom" -v e="$empty" -v o="$on" \
        'BEGIN { exit !(a < 0.05 && b > a + 0.02 && e > 0 && e < b && o > 0.2 && o < 0.8) }'
done
expect 65 "is no cassette" "$program" validate "$quickstart" --set 'terminals.cassettes=[100 CNY]'
expect 65 "small a part in common" "$program" validate "$quickstart" --set 'terminals.cassettes=[100 CNY x 9, 0.01 CNY x 9]'

# --- a slow switch of the camera costs surveillance at once, and throughput when nothing hides it
expect 0 "fingerprint" "$program" run "$source/scenarios/switching-time.yaml" --out switching --replications 2 \
    --set 'duration=2 h' --set 'sweep.terminals.camera.switch_time=[1 s, 4 s, 32 s]'
for name in surveillance-lost throughput; do
    for point in 1 2 3; do
        eval "at$point=$(metric switching/points/$point/summary.csv image-code $name)"
    done
    if [ $name = throughput ]; then
        check "$name: $at1, $at2 and $at3" awk -v a="$at1" -v b="$at2" -v c="$at3" \
            'BEGIN { exit !(b > 0.95 * a && b < 1.05 * a && c < 0.85 * a) }'
    else
        check "$name: $at1, $at2 and $at3" awk -v a="$at1" -v b="$at2" -v c="$at3" \
            'BEGIN { exit !(b > a + 2 && b < a + 5 && c > a + 40) }'
    fi
    check "$name is drawn with its unit" grep -q "ylabel '$name.*\(, s\| per hour and machine\)'" \
        "switching/plots/sweep-$name.gp"
done
check "the plot says of how many replications" grep -q 'over 2 replications' switching/plots/sweep-throughput.gp

# --- the order of events: at the terminal takes longer at the machine, and leaves nothing to steal
expect 0 "fingerprint" "$program" run "$source/scenarios/orders.yaml" --no-report --out orders --replications 1 \
    --set 'sweep.terminals.atms=[8, 20]' --set customers.count=750
for pair in 1:3 2:4; do
    ahead=orders/points/${pair%:*}/summary.csv there=orders/points/${pair#*:}/summary.csv
    check "at the terminal takes longer" awk -v a="$(metric $ahead image-code session-time)" \
        -v b="$(metric $there image-code session-time)" 'BEGIN { exit !(b > a + 8 && b < a + 20) }'
    check "and is not stolen" awk -v a="$(metric $ahead image-code thefts)" \
        -v b="$(metric $there image-code thefts)" 'BEGIN { exit !(a > 50 && b == 0) }'
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
