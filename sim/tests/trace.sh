#!/bin/sh
# Trace and replay from outside. Argument: PROGRAM.
set -u
program=$(realpath "$1")
. "$(dirname "$(realpath "$0")")/expect.sh"

# lines FILE: what happened, without the remarks
lines() { grep -v '^#' "$1"; }

cat >town.yaml <<'END'
description: A small town in the morning
duration: 9 h
replications: 2
customers: {count: 250, reservations: 2 /day}
terminals: {atms: 5, camera: {f_number: 1}}
attacks:
  watchers: {count: 2}
  photographers: {count: 2}
END

# --- a trace is the same for any jobs, and changes nothing
expect 0 "fingerprint" "$program" run town.yaml --no-report --out plain
for jobs in 1 2; do
    expect 0 "fingerprint" "$program" run town.yaml --no-report --jobs $jobs --out jobs$jobs \
        --trace trace$jobs --trace-unit image-code/1
    for file in summary.csv replications.csv curves.csv gallery.csv fingerprint.txt; do
        check "$file is the same with a trace, --jobs $jobs" cmp plain/$file jobs$jobs/$file
    done
done
check "the trace is the same for --jobs 1 and 2" cmp trace1 trace2
check "the trace names its unit" grep -qx "# unit image-code/1" trace1
check "the trace is whole" sh -c "tail -n 1 trace1 | grep -qE '^# end lines=[0-9]+ fingerprint=[0-9a-f]{16}\$'"
lines trace1 >happened
check "every line has the form" sh -c "! grep -vqE '^[0-9]{10}\.[0-9]{9} [a-z-]+( [a-z]+:[0-9]+)+( [a-z_]+=[^ =]+)*\$' happened"
check "lines are sorted by time" sort -s -c -k1,1 happened
events=$(awk -F, '$1 == "image-code" && $2 == 1 && $3 == "events" {print $6}' plain/replications.csv)
check "every event is there, numbered in order" sh -c \
    "grep -o ' event=[0-9]*' happened | sed 's/ event=//' >numbers; seq $events | cmp - numbers"
check "the last line counts them" grep -q "^# end lines=$(wc -l <happened) " trace1
expect 0 "fingerprint" "$program" run town.yaml --no-report --out first --trace trace0
check "the first unit is traced where none is named" grep -qx "# unit sms-code/0" trace0

# --- filters: what grep and awk would find
who=$(grep -ow 'customer:[0-9]*' happened | sort | uniq -c | sort -n | tail -n 1 | awk '{print $2}')
expect 0 "to the last bit" "$program" replay plain --unit image-code/1 --trace one --trace-entity "$who"
lines one >found
grep -w "$who" happened >wanted
check "--trace-entity finds what grep finds" sh -c "[ -s found ] && cmp found wanted"
expect 0 "to the last bit" "$program" replay plain --unit image-code/1 --trace some --trace-from '3 h' --trace-to '14400 s'
lines some >found
awk '$1 >= 10800 && $1 <= 14400' happened >wanted
check "the window holds what awk finds" sh -c "[ -s found ] && cmp found wanted"
"$program" replay plain --unit image-code/1 --trace - >piped 2>said
check "--trace - writes it to standard output, and nothing else" cmp trace1 piped
check "and the rest to stderr" grep -q "to the last bit" said

# --- a disk that is full, a file that cannot be
expect 1 "/dev/full: the trace is not whole" "$program" run town.yaml --no-report --out full --trace /dev/full
check "the records are whole all the same" cmp plain/replications.csv full/replications.csv
expect 1 "cannot be written" "$program" run town.yaml --no-report --out late --trace nowhere/trace
expect 0 "fingerprint" "$program" run --resume late --no-report --trace trace3
check "a run that had not begun goes on, traced" cmp trace0 trace3
cp plain/journal before
expect 1 "plain/journal: exists already, and is no trace" "$program" replay plain --trace plain/journal
check "no other file is overwritten" cmp before plain/journal
expect 0 "to the last bit" "$program" replay plain --unit image-code/1 --trace trace3
check "an older trace is" cmp trace1 trace3
expect 2 "is done already; 'cashpoint replay late --unit sms-code/0 --trace FILE'" "$program" run --resume late --trace again
expect 2 "not of this shard" "$program" run town.yaml --shard 2/2 --trace again --trace-unit sms-code/0

# --- wrong arguments, before anything is run
expect 2 "KIND is customer" "$program" run town.yaml --out wrong --trace t --trace-entity 17
expect 2 "customer:0 to customer:249" "$program" run town.yaml --out wrong --trace t --trace-entity customer:250
expect 2 "a unit is missing" "$program" run town.yaml --out wrong --trace t --trace-from 9
expect 2 "lies after" "$program" run town.yaml --out wrong --trace t --trace-from '9 h' --trace-to '8 h'
expect 2 "a time from 0 s on" "$program" run town.yaml --out wrong --trace t --trace-from '-1 s'
expect 2 "--trace FILE is missing" "$program" run town.yaml --out wrong --trace-to '8 h'
expect 2 "--trace FILE is missing" "$program" run town.yaml --out wrong --trace-unit image-code/0
expect 2 "sms-code or image-code, REPLICATION 0 to 1" "$program" run town.yaml --out wrong --trace t --trace-unit image-code/2
expect 2 "--trace takes a file" "$program" run town.yaml --out wrong --trace -
check "nothing was run" test ! -e wrong -a ! -e t

# --- a unit again
expect 0 "image-code/1 is the same to the last bit as in plain/journal" "$program" replay plain --unit image-code/1
value=$(awk -F, '$1 == "image-code" && $2 == 1 && $3 == "withdrawals-paid" {print $8}' plain/replications.csv)
"$program" replay plain --unit image-code/1 >metrics
check "it prints its metrics" grep -qE "^withdrawals-paid +$value *\$" metrics
expect 2 "usage: cashpoint replay DIR" "$program" replay
expect 0 "Usage: cashpoint replay" "$program" replay --help
expect 2 "--nonsense" "$program" replay plain --nonsense
expect 65 "nowhere" "$program" replay nowhere
expect 2 "has no unit 'image-code/7'" "$program" replay plain --unit image-code/7
expect 2 "leave --unit out" "$program" replay plain --unit image-code/0 --capture image-code/0/1
expect 2 "--out is for" "$program" replay plain --out x
expect 2 "--jobs takes a whole number" "$program" replay plain --jobs 0

# --- what was changed is found
cp -r plain changed
unit=$(sed -n 3p plain/journal | awk '{print ($3 == 0 ? "sms-code/" : "image-code/") $4}')
sed -i '3s/ 1 / 2 /2' changed/journal
expect 1 "changed/journal:3: this line broke off or was changed" "$program" replay changed --unit "$unit"
expect 0 "fingerprint" "$program" run town.yaml --no-report --seed 2 --out other
{ head -n 1 plain/journal && tail -n +2 other/journal; } >changed/journal # every line sealed
expect 1 "image-code/0 is not what changed/journal says:" "$program" replay changed --unit image-code/0
"$program" replay changed --unit image-code/0 >/dev/null 2>said
check "and says in what" sh -c "grep -q '^    fingerprint: ' said && grep -q '^    and [0-9]* more' said"
head -n 1 plain/journal >changed/journal
expect 1 "sms-code/0 is missing in changed/journal, though the run is finished" "$program" replay changed
rm changed/manifest.json
expect 0 "nothing to compare with" "$program" replay changed
sed -i 's/^seed: .*/seed: 2/' changed/scenario.yaml
expect 65 "scenario.yaml: is not the file that the journal was written with" "$program" replay changed
cp -r plain older
sed -i 's/"gsl": {"built": "[^"]*"/"gsl": {"built": "1.0"/; s/"compiler": "[^"]*"/"compiler": "tcc"/' older/manifest.json
"$program" replay older >/dev/null 2>said
check "another library is named" grep -q 'gsl: the run had "built": "1.0"' said
check "another compiler is named" grep -q 'compiler: the run had "tcc"' said
check "and nothing else" test "$(grep -c warning: said)" -eq 2
rm older/manifest.json
expect 0 "the run is not finished" "$program" replay older

# --- a capture again: the bytes of the gallery, from nothing but its number
shots=0
while IFS=, read -r file scheme replication capture _ outcome _; do
    [ "$file" = file ] && continue
    shots=$((shots + 1))
    expect 0 "capture $scheme/$replication/$capture" "$program" replay plain --out shot$shots \
        --capture "$scheme/$replication/$capture"
    check "$file again" cmp "plain/$file" shot$shots/frame.png
    code=$(sed -n 's/^code \([0-9]*\),.*/\1/p' shot$shots/capture.txt)
    expect 0 "$code" "$program" decode shot$shots/code.png
done <plain/gallery.csv
check "there are some" test $shots -gt 4
expect 0 "pictures plain/replay/image-code-1-20/" "$program" replay plain --capture image-code/1/20
for picture in code render blurred frame; do
    check "$picture.png is there" test -s plain/replay/image-code-1-20/$picture.png
done
# Of the unreadable ones in frame, one at least is lost in the blur.
blurred=0
for lost in $(awk -F, '($6 == "no-symbol" || $6 == "unreadable") && $7 > 60 && $9 > 2 * $8 {print $2 "/" $3 "/" $4}' plain/gallery.csv); do
    expect 0 "decoder: lost in the" "$program" replay plain --out lost --capture "$lost"
    grep -q "decoder: lost in the blur" lost/capture.txt || continue
    blurred=$((blurred + 1))
    check "it was read before the blur" grep -qE '^render.png .* lines agree' lost/capture.txt
done
check "some are lost in the blur" test $blurred -gt 0
last=$(grep -ow 'capture:[0-9]*' happened | tail -n 1 | cut -d: -f2)
expect 2 "are image-code/1/1 to image-code/1/$last, not 9999" "$program" replay plain --capture image-code/1/9999
expect 0 "capture image-code/1/$last" "$program" replay plain --out upto.d --trace upto --capture "image-code/1/$last"
lines upto >found
check "a trace up to a capture is the beginning of the whole" sh -c \
    "[ -s found ] && head -n \$(wc -l <found) happened | cmp - found"
check "and says that it broke off" grep -q "^# broken off after lines=$(wc -l <found): stopped" upto
expect 1 "the trace is not whole" "$program" replay plain --capture image-code/1/1 --trace /dev/full --out nospace
check "the picture is there all the same" test -s nospace/frame.png
expect 2 "no picture was taken in sms-code/0" "$program" replay plain --capture sms-code/0/1
expect 2 "has no unit 'image-code/5'" "$program" replay plain --capture image-code/5/1
for id in image-code image-code/1 image-code/1/x image-code/1/ 12 image-code/1/-3; do
    expect 2 "--capture" "$program" replay plain --capture $id
done
expect 1 "cannot make the folder" "$program" replay plain --capture image-code/1/1 --out town.yaml/x

# --- a sweep: units and captures of its points
cat >sweep.yaml <<'YAML'
extends: town.yaml
schemes: [image-code]
replications: 1
sweep: {terminals.atms: [5, 6]}
YAML
expect 0 "fingerprint" "$program" run sweep.yaml --no-report --out swept --trace trace6 --trace-unit 2/image-code/0 \
    --trace-entity atm:5
check "the point's sixth machine is traced" grep -q '^[0-9.]* granted .* atm:5 ' trace6
expect 2 "atm:0 to atm:4" "$program" run sweep.yaml --out wrong --trace t --trace-entity atm:5
expect 2 "name POINT/SCHEME/REPLICATION: POINT 1 to 2" "$program" run sweep.yaml --out wrong --trace t --trace-unit image-code/0
expect 0 "2/image-code/0 is the same to the last bit" "$program" replay swept --unit 2/image-code/0
file=$(sed -n 2p swept/points/2/gallery.csv | cut -d, -f1)
id=$(sed -n 2p swept/points/2/gallery.csv | awk -F, '{print "2/" $2 "/" $3 "/" $4}')
expect 0 "capture $id" "$program" replay swept --capture "$id" --out point
check "a capture of a point again" cmp "swept/points/2/$file" point/frame.png

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
