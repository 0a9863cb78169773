#!/bin/sh
# `cashpoint decode` from outside: pictures, folders, truth, JSON, mistakes. Argument: PROGRAM.
set -u
program=$(realpath "$1") || exit 1
. "$(dirname "$(realpath "$0")")/expect.sh"

"$program" show code --code 012345678901 --out bars.png >/dev/null
"$program" show code --code 012345678902 --out qr.png --set token.image=qr-code >/dev/null
"$program" show frame --code 012345678901 --out frame.png >/dev/null
"$program" show frame --code 012345678902 --out qrframe.png --set token.image=qr-code >/dev/null

# --- one picture
expect 0 "bars.png: 012345678901" "$program" decode bars.png
expect 0 "code128" "$program" decode frame.png
expect 0 "qr.png: 012345678902" "$program" decode qr.png
expect 0 "of 208 bits corrected" "$program" decode qrframe.png
expect 0 "qrframe.png: 012345678902" "$program" decode qrframe.png --symbology qr --length 12
expect 1 "qr.png: " "$program" decode qr.png --symbology code128
expect 1 "no-symbol" "$program" decode bars.png --symbology qr
expect 1 "wrong-length" "$program" decode qr.png --length 14
expect 1 "too-small" "$program" decode qrframe.png --min-module 50
expect 1 "over-budget" "$program" decode qrframe.png --budget 0.01

# --- folders, in the order of their names, and what lies below them
mkdir -p folder/below empty
cp bars.png folder/b.png
cp qr.png folder/below/C.PNG
cp qrframe.png folder/a.png
echo "no picture" >folder/notes.txt
ln -s . folder/loop
mkfifo folder/pipe.png
expect 0 "3 pictures: read 3 (100.0 %" "$program" decode folder
mv out said
check "names in order" sh -c "grep -o '^folder[^:]*' said | tr '\n' ' ' | grep -qx 'folder/a.png folder/b.png folder/below/C.PNG '"
expect 0 "4 pictures" "$program" decode qr.png folder/
expect 65 "there is no *.png in the folder 'empty'" "$program" decode empty

mkdir linked
ln -s ../qr.png linked/qr.png
expect 0 "linked/qr.png: 012345678902" "$program" decode linked/

# --- every form of a dot matrix
"$program" show frame --code 012345678903 --out matrix.png --set token.image=dot-matrix \
    --set token.matrix.block=2x2 --set token.matrix.fec=rs >/dev/null
expect 0 "matrix.png: 012345678903" "$program" decode matrix.png --block 2x2 --fec rs
expect 1 "matrix.png: " "$program" decode matrix.png
"$program" show frame --code 012345678903 --out plain.png --set token.image=dot-matrix \
    --set token.matrix.plain=yes >/dev/null
expect 0 "plain.png: 012345678903" "$program" decode plain.png --plain --length 12
expect 2 "--plain needs --length" "$program" decode plain.png --plain
expect 2 "--fec takes viterbi, rs or none" "$program" decode matrix.png --fec turbo
expect 2 "--block takes WIDTHxHEIGHT" "$program" decode matrix.png --block 9x1

# --- a string that is refused is told, but under no name of an answer
expect 1 '"refused_text": "012345678902"' "$program" decode qr.png --length 14 --json

# --- JSON: a line a picture, summary apart
"$program" decode folder --json >lines 2>summary
check "a line a picture" test "$(wc -l <lines)" -eq 3
check "the summary is on stderr" grep -q "3 pictures" summary
check "text and bytes" grep -q '"file": "folder/b.png", "status": "decoded".*"symbology": "code128", "text": "012345678901", "hex": "303132333435363738393031", "length": 12' lines
for key in reason corners margin module_px contrast corrected_bits grade parameters ms width height; do
    check "JSON has $key" grep -q "\"$key\": " lines
done
check "grades are named" grep -q '"name": "symbol contrast", "value"' lines
if command -v python3 >/dev/null; then
    check "JSON is JSON" python3 -c 'import json; [json.loads(l) for l in open("lines")]'
fi
cp qr.png "$(printf 'odd\n\033"\377.png')"
"$program" decode odd* --json >json 2>/dev/null
check "an odd name is escaped" grep -qE '"file": "odd(\\n|\\u000a)\\u001b' json
expect 0 'odd\x0a\x1b"\xff.png:' sh -c "'$program' decode odd*"

# --- the truth
printf 'file,text\na.png,012345678902\nb.png,"012345678901"\nbelow/C.PNG,hex:303132333435363738393032\n' >truth.csv
expect 0 "of 3 whose truth is told: right 3 (100.0 % [43.9, 100.0]), wrong 0" "$program" decode folder --truth truth.csv
expect 0 '"verdict": "right"' "$program" decode folder --truth truth.csv --json
sed 's/^b.png.*/b.png,999/' truth.csv >wrong.csv
expect 99 "wrong 1 (33.3 %" "$program" decode folder --truth wrong.csv
printf 'b.png,\n' >none.csv
expect 99 "wrong 1" "$program" decode folder/b.png --truth none.csv
printf 'b.png,012345678901\n' >one.csv
expect 1 "missed 1" "$program" decode folder/b.png --symbology qr --truth one.csv
expect 0 "right 1" "$program" decode folder/b.png --symbology qr --truth none.csv
expect 65 "truth.csv:3: 'b.png' is not among the pictures" "$program" decode folder/a.png --truth truth.csv
expect 0 "no line for 'frame.png'" "$program" decode folder frame.png --truth truth.csv
printf 'a.png\n' >bad.csv
expect 65 "bad.csv:1: a line takes a file and a text" "$program" decode folder --truth bad.csv
printf 'a.png,1\na.png,2\n' >bad.csv
expect 65 "bad.csv:2: 'a.png' stands on line 1 already" "$program" decode folder --truth bad.csv
printf 'a.png,hex:1\n' >bad.csv
expect 65 "bad.csv:1: hex: takes" "$program" decode folder --truth bad.csv
printf 'a.png,"1\n' >bad.csv
expect 65 "bad.csv:1:" "$program" decode folder --truth bad.csv
: >bad.csv
expect 65 "holds no line" "$program" decode folder --truth bad.csv
expect 65 "cannot open 'nowhere.csv'" "$program" decode folder --truth nowhere.csv

# --- mistakes
expect 2 "--symbology takes auto, code128" "$program" decode qr.png --symbology aztec
expect 2 "--min-module takes a number" "$program" decode qr.png --min-module wide
expect 2 "--display takes WIDTHxHEIGHT" "$program" decode qr.png --display 128
expect 2 "--length takes a whole number" "$program" decode qr.png --length 0
head -c 500 frame.png >cut.png
echo text >text.png
expect 65 "'cut.png' is a damaged PNG file" "$program" decode cut.png
expect 65 "'text.png' is not a PNG file" "$program" decode text.png
expect 65 "cannot open 'missing.png'" "$program" decode missing.png
expect 65 '"error": "' "$program" decode text.png --json
expect 65 "2 files are no picture" "$program" decode qr.png cut.png text.png
mv out said
check "the good one is read all the same" grep -q "qr.png: *012345678902" said

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
