#!/bin/sh
# Every kind of code from outside: its scenario runs, a barcode refuses what it cannot hold and says
# why, pictures of signatures can be made and read. Arguments: PROGRAM, SOURCE folder.
set -u
program=$(realpath "$1")
source=$(realpath "$2")
. "$(dirname "$(realpath "$0")")/expect.sh"

for name in totp ocra signature-ecdsa signature-sm2 signature-ed25519 at-terminal; do
    expect 0 "fingerprint" "$program" run "$source/scenarios/$name.yaml" --no-report --out $name \
        --replications 1 --set customers.count=300 --set terminals.atms=20
    for point in $name/points/*; do
        check "customers are paid in $point, and nothing is misread" awk -F, '
            $2 == "outcome.paid" { paid = $6 }
            $2 == "misreads" { misread = $6 }
            END { exit !(paid > 0.5 && misread == 0) }' $point/summary.csv
    done
done

# --- the other scenarios that no test of its own runs: customers are paid, and what they expect comes out
for name in dot-matrix qr-code focus focus-early bank-workers queue-discipline; do
    expect 0 "fingerprint" "$program" run "$source/scenarios/$name.yaml" --no-report --out $name \
        --replications 1 --set customers.count=100
    tables=$(ls $name/points/*/summary.csv 2>/dev/null || echo $name/summary.csv)
    for table in $tables; do
        check "somebody is paid in $table" awk -F, '$2 == "outcome.paid" && $6 > 0 { some = 1 } END { exit !some }' "$table"
    done
done

# --- what does not go together
quickstart="$source/scenarios/quickstart.yaml"
for kind in ecdsa sm2 ed25519; do
    expect 65 "a barcode holds some digits: set token.image to dot-matrix or qr-code" \
        "$program" validate "$quickstart" --set token.code=$kind
done
expect 65 "a barcode holds digits alone: set token.image" "$program" validate "$quickstart" \
    --set token.alphabet=characters
expect 65 "a code of 118 bytes does not fit the display" "$program" validate "$quickstart" \
    --set token.code=sm2 --set token.image=qr-code --set token.display.height=40
expect 65 "this token has no certificate: set token.code to ecdsa" "$program" validate "$quickstart" \
    --set bank.binding=certificate
expect 65 "must be whole seconds" "$program" validate "$quickstart" --set 'token.totp_step=1.5 s'
expect 65 "token.code" "$program" validate "$quickstart" --set token.code=rsa
expect 65 "token.code takes a value, and has no keys of its own" "$program" validate "$quickstart" --set token.code.kind=rsa

# --- pictures: the same signature again, and read as it was shown
signed="--set token.code=ed25519 --set token.image=dot-matrix"
for out in one two; do
    expect 0 "pixels" "$program" show code $signed --out $out.png
done
check "signing is deterministic" cmp one.png two.png
expect 0 "decoder: " "$program" show frame $signed --out frame.png
expect 0 "read as it was shown" "$program" show chain $signed --out chain.png
expect 0 "pixels" "$program" show code $signed --seed 2 --out three.png
check "another seed signs something else" sh -c "! cmp -s one.png three.png"
expect 2 "this token signs" "$program" show code $signed --code 123456789012
expect 2 "--code takes 16 characters" "$program" show code --set token.image=qr-code \
    --set token.alphabet=characters --set token.code_digits=16 --code ABC
expect 0 "decoder: " "$program" show frame --set token.image=qr-code \
    --set token.alphabet=characters --set token.code_digits=16 --code 0123456789ABCDEF

# --- a capture of a signature, replayed
expect 0 "fingerprint" "$program" run "$quickstart" --no-report --out replayed $signed \
    --replications 1 --set customers.count=200 --set 'schemes=[image-code]'
expect 0 "the same to the last bit" "$program" replay replayed --unit image-code/0
expect 0 "decoder: " "$program" replay replayed --capture image-code/0/1

# --- the same records for any number of jobs
for jobs in 1 3; do
    expect 0 "fingerprint" "$program" run "$source/scenarios/signature-sm2.yaml" --no-report \
        --jobs $jobs --out sm2-$jobs --replications 2 --set customers.count=100
done
check "the same bytes for any --jobs" cmp sm2-1/summary.csv sm2-3/summary.csv

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
