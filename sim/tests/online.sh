#!/bin/sh
# Network terminals, malware on them and forgers from outside: the scenarios run and answer their
# question, and what cannot be is named before anything runs. Arguments: PROGRAM, SOURCE folder.
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

# --- malware: what the token shows decides; a copy from the phone is made of what was not noticed
expect 0 "fingerprint" "$program" run "$source/scenarios/altered-transaction.yaml" --no-report --out altered \
    --replications 1 --set 'attacks.malware.phones=50 %' --set customers.count=500
altered=altered/points
for point in 1 2 3 4; do
    check "point $point: the prior art shows nothing, and is copied" awk -v n="$(metric $altered/$point/summary.csv \
        sms-code altered-noticed)" -v t="$(metric $altered/$point/summary.csv sms-code thefts-malware)" \
        'BEGIN { exit !(n == 0 && t > 100) }'
done
check "nothing shown, nothing noticed" test "$(metric $altered/1/summary.csv image-code altered-noticed)" = 0
check "shown, most are noticed" awk -v n="$(metric $altered/3/summary.csv image-code altered-noticed)" \
    'BEGIN { exit !(n > 0.5 && n < 1) }'
for pair in 1:3 2:4; do
    before=$(metric $altered/${pair%:*}/summary.csv image-code altered-paid)
    after=$(metric $altered/${pair#*:}/summary.csv image-code altered-paid)
    check "altered and paid: $before, and $after where it is shown" awk -v a="$before" -v b="$after" \
        'BEGIN { exit !(a > 0.3 && b < a / 2) }'
done
check "on the token alone there is nothing to copy" test "$(metric $altered/1/summary.csv image-code thefts)" = 0
copied=$(metric $altered/2/summary.csv image-code thefts)
check "of what the phone shows $copied of 1000 are stolen" awk -v t="$copied" 'BEGIN { exit !(t > 100) }'

# --- forgers: never right, and whether they lock out the owners is the bank's choice
expect 0 "fingerprint" "$program" run "$source/scenarios/guessed-codes.yaml" --no-report --out guessed \
    --replications 1 --set 'attacks.forgers.reach=30 %' --set customers.count=500
for scheme in sms-code image-code; do
    for point in 1 2 3; do
        check "$scheme: none is right" test "$(metric guessed/points/$point/summary.csv $scheme forged-right)" = 0
    done
    strict=$(metric guessed/points/1/summary.csv $scheme outcome.locked)
    check "$scheme: with three tries $strict of the owners are locked out" awk -v l="$strict" 'BEGIN { exit !(l > 0.1) }'
    check "$scheme: with ten none is" test "$(metric guessed/points/3/summary.csv $scheme outcome.locked)" = 0
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

expect 65 "is made of no transaction, and there is none to show" "$program" validate "$quickstart" \
    --set token.display_shows=transaction
expect 0 "no mistakes" "$program" validate "$quickstart" --set token.display_shows=transaction --set token.code=ocra
expect 65 "what is reserved ahead names no terminal" "$program" validate "$quickstart" \
    --set 'attacks.malware.phones=1 %' --set attacks.malware.alters=terminal
expect 0 "no mistakes" "$program" validate "$quickstart" --set 'attacks.malware.phones=1 %' \
    --set attacks.malware.alters=terminal --set order=at-terminal
expect 65 "set it to a multiple of bank.note" "$program" validate "$quickstart" \
    --set 'attacks.malware.phones=1 %' --set 'attacks.malware.amount=250 CNY'

# --- a trace tells both
expect 0 "fingerprint" "$program" run "$source/scenarios/altered-transaction.yaml" --no-report --out told \
    --replications 1 --set 'attacks.malware.phones=100 %' --set customers.count=40 --set 'schemes=[image-code]' \
    --set 'sweep.token.way=[image-to-phone]' --set 'sweep.token.display_shows=[transaction]' \
    --set 'attacks.forgers.reach=100 %' --trace told.txt --trace-unit image-code/0
for word in ' altered ' ' noticed ' 'kind=malware' 'kind=forger' 'outcome=wrong-key'; do
    check "the trace says '$word'" grep -q -- "$word" told.txt
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
