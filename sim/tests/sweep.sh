#!/bin/sh
# A sweep through the program: every design point is the run that its values make alone, whoever
# runs it, and however it was interrupted. Usage: sweep.sh PROGRAM
set -eu
cashpoint=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# same A B: all records of two folders, but those that are measured
same() {
    diff -r -x timings.csv -x manifest.json -x journal "$1" "$2" >diff.txt ||
        fail "$1 and $2 differ: $(head -n 3 diff.txt)"
}

cat >town.yaml <<'YAML'
description: A few customers, two cameras, two banks
duration: 3 h
replications: 3
customers: {count: 60, reservations: 8 /day, profile: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}
terminals: {atms: 3, card_customers: 0 /day, camera: {f_number: 1.2}}
YAML
cat >sweep.yaml <<'YAML'
extends: town.yaml
sweep:
  terminals.camera.capture_focus: [120 mm, 500 mm]
  zip: {bank.tries: [2, 4], customers.no_show: [0 %, 20 %]}
YAML
"$cashpoint" run sweep.yaml --out two --jobs 2 >two.txt
"$cashpoint" run sweep.yaml --out one --jobs 1 --no-report >/dev/null
rm -r two/plots two/points/*/plots 2>/dev/null || true
[ -s two/report.html ] || fail "no report"
mv two/report.html report.html
same one two

# Each point is the run of its own values.
n=0
for focus in '120 mm' '500 mm'; do
    for bank in 'bank.tries=2 customers.no_show=0:%' 'bank.tries=4 customers.no_show=20:%'; do
        n=$((n + 1))
        tries=${bank%% *} show=$(echo "${bank##* }" | tr : ' ')
        "$cashpoint" run town.yaml --out "plain$n" --no-report --set "$tries" --set "$show" \
            --set "terminals.camera.capture_focus=$focus" >/dev/null
        for file in summary.csv replications.csv curves.csv gallery.csv scenario.yaml fingerprint.txt; do
            cmp "plain$n/$file" "one/points/$n/$file" || fail "point $n: $file"
        done
    done
done
grep -q '^4,2,customers.no_show,2,20 %,20,%$' one/design.csv || fail "design.csv: $(cat one/design.csv)"
[ "$(grep -c ',image-code,decode-success,' one/summary.csv)" = 4 ] || fail "summary.csv"

# Shards, and a run that is killed and resumed.
for i in 1 2 3; do
    "$cashpoint" run sweep.yaml --shard $i/3 --out shard$i >/dev/null
done
"$cashpoint" merge shard1 shard2 shard3 --out whole --no-report >/dev/null
same one whole
cp -r shard2 broken
"$cashpoint" run --resume broken --no-report >/dev/null
same one broken

# A report without a picture that could be drawn names what is missing; every picture is there.
grep -q 'What was varied' report.html || fail "the report does not say what was varied"
grep -q 'decode-success' report.html || fail "the report does not show decode-success"

# Expectations hold at every point; precision is reached by each for itself.
code=0
"$cashpoint" run sweep.yaml --out expect --no-report --set 'expect=[image-code.decode-success > 50 %]' \
    >expect.txt || code=$?
[ $code = 99 ] || fail "expect: exit code $code"
[ "$(grep -c 'NOT MET where capture_focus 500 mm' expect.txt)" = 2 ] || fail "$(cat expect.txt)"
[ "$(grep -c 'met where capture_focus 120 mm' expect.txt)" = 2 ] || fail "$(cat expect.txt)"
code=0
for jobs in 1 2; do
    "$cashpoint" run sweep.yaml --out precise$jobs --no-report --jobs $jobs --replications 12 \
        --set precision.metric=image-code.completion --set 'precision.within=20 %' \
        --set precision.least=3 >precise$jobs.txt || code=$?
done
[ $code = 0 ] || [ $code = 99 ] || fail "precision: exit code $code"
same precise1 precise2
grep -q '^precision' precise1.txt || fail "$(cat precise1.txt)"

# Keys that end in the same word are told apart, and a long value does not hide the others.
code=0
"$cashpoint" run town.yaml --out apart --no-report --replications 2 --set 'expect=[sms-code.withdrawals-paid < 1]' \
    --set 'sweep.attacks.watchers.count=[0, 1]' --set 'sweep.attacks.photographers.count=[0, 1]' \
    --set 'sweep.customers.travel=["lognormal(mean 1 min, sd 1 s)", 2 h]' >apart.txt || code=$?
[ $code = 99 ] || fail "apart: exit code $code"
grep -q 'NOT MET where watchers.count 0, photographers.count 1, travel' apart.txt || fail "$(cat apart.txt)"
grep -q '^   1  watchers.count 0, photographers.count 0, travel lognormal(mean 1 min; ' apart.txt ||
    fail "$(cat apart.txt)"
grep -q 'lognormal(mean 1 min; sd 1 s)' apart/design.csv || fail "$(head -n 4 apart/design.csv)"

# Zipped levels of the same number are drawn side by side, not on top of each other.
printf 'extends: town.yaml\nschemes: sms-code\nsweep: {zip: {bank.tries: [2, 2, 4], customers.no_show: [0 %%, 50 %%, 90 %%]}}\n' >ties.yaml
"$cashpoint" run ties.yaml --out ties >/dev/null
[ "$(grep -c ',sms-code,' ties/plots/sweep-outcome.no-show.csv)" = 3 ] || fail "ties: $(cat ties/plots/sweep-*.csv)"

# A folder that was tampered with is refused, in no time.
cp two/design.csv design.csv
for tampering in 's/^2,1,/9,1,/' 's/^\(4,2,bank.tries\),2,/\1,900000000000000,/'; do
    sed "$tampering" design.csv >two/design.csv
    cmp -s design.csv two/design.csv && fail "nothing was tampered with"
    code=0
    "$cashpoint" report two 2>error.txt || code=$?
    [ $code = 65 ] && grep -q design.csv error.txt || fail "tampered: $code $(cat error.txt)"
done
echo "sweep: all as expected"
