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

# What the scenario asks: its metrics come first, and how many of a key it takes is what its summary says.
printf 'extends: town.yaml\nschemes: sms-code\nreplications: 3\nsweep: {terminals.atms: [4, 1, 2], customers.reservations: [1 /day, 4 /day]}\nreport: {metrics: [outcome.paid, session-time], needed: terminals.atms for sms-code.atm-utilisation <= 0.05}\n' >ask.yaml
"$cashpoint" run ask.yaml --out ask >ask.txt || fail "ask: $(cat ask.txt)"
[ "$(cat ask/asked.csv)" = "$(printf 'metric\noutcome.paid\nsession-time')" ] || fail "asked: $(cat ask/asked.csv)"
[ "$(grep -n 'sweep-outcome.paid\|sweep-needed\|sweep-session-time' ask/report.html | head -n 1 | cut -d: -f1)" ] ||
    fail "ask: the report shows nothing of it"
ls ask/plots/sweep-needed.svg ask/plots/sweep-outcome.paid.svg ask/plots/sweep-session-time.svg >/dev/null
# Points in the order of atms (4, 1, 2) x reservations: for each load the smallest number from which on all do.
awk -F, 'FNR == 1 {next}
    FILENAME ~ /design/ && $3 == "terminals.atms" {atms[$1] = $6}
    FILENAME ~ /design/ && $3 == "customers.reservations" {load[$1] = $4}
    FILENAME ~ /summary/ && $3 == "atm-utilisation" {for (i = 1; i <= 3; i++) {
        value = i == 1 ? $7 : i == 2 ? $8 : $9
        if (!(value <= 0.05) && atms[$1] > failed[load[$1], i]) failed[load[$1], i] = atms[$1]}}
    END {for (l = 1; l <= 2; l++) {printf "%d", l
        for (i = 1; i <= 3; i++) {least = ""
            for (p in atms) if (load[p] == l && atms[p] > failed[l, i] + 0 && (least == "" || atms[p] < least)) least = atms[p]
            printf ",%s", least}
        printf "\n"}}' ask/design.csv ask/summary.csv >expected.csv
tail -n +2 ask/needed.csv | cut -d, -f1,4-6 | cmp - expected.csv || fail "needed: $(cat ask/needed.csv expected.csv)"
for mistake in 'terminals.atms:not of the form' 'bank.tries for sms-code.session-time < 9 s:bank.tries is not swept' \
    'terminals.atms for sms-code.session-tim < 9 s:did you mean' 'terminals.atms for image-code.session-time < 9 s:that scheme does not run' \
    'terminals.atms for sms-code.queue-wait contains 9 s:takes one scheme'; do
    code=0
    "$cashpoint" validate ask.yaml --set "report.needed=${mistake%%:*}" 2>error.txt || code=$?
    [ $code = 65 ] && grep -q "${mistake#*:}" error.txt || fail "needed: $mistake: $code $(cat error.txt)"
done
code=0
"$cashpoint" validate ask.yaml --set 'report.metrics=[session-tim]' 2>error.txt || code=$?
[ $code = 65 ] && grep -q 'did you mean "session-time"' error.txt || fail "asked: $code $(cat error.txt)"

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
