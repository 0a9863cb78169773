# Runs by itself in this folder: gnuplot -d security.gp
data = 'security.csv'
if (!exists('picture')) picture = 'security.svg'
heading = 'Thefts that succeeded'
note = 'mean and 95% interval over 5 replications; small rings: single replications'
height = 282

set encoding utf8
set terminal svg size 720,height noenhanced font 'Helvetica,13' background '#ffffff'
set output picture
set datafile separator ','
set datafile columnheaders
set linetype 1 lc rgb '#D55E00' pt 7 ps 0.65 lw 2
set linetype 2 lc rgb '#0072B2' pt 5 ps 0.45 lw 2
set linetype 3 lc rgb '#009E73' pt 9 ps 0.65 lw 2
set linetype 4 lc rgb '#CC79A7' pt 11 ps 0.65 lw 2
ink = '#333333'
set border 3 lc rgb '#888888' lw 1
set grid lt 1 lc rgb '#E6E6E6' lw 1 dt solid
set tics nomirror out scale 0.5 textcolor rgb ink
set style fill transparent solid 0.22 noborder
set label 1 heading at screen 0.012, screen 1 - 21.0 / height font ',16' textcolor rgb ink
set label 2 note at screen 0.012, screen 1 - 43.0 / height font ',11.5' textcolor rgb '#666666'
set key at screen 0.98, screen 1 - 12.0 / height right top horizontal samplen 1.2 textcolor rgb ink
set lmargin at screen 0.11
set rmargin at screen 0.965
set tmargin at screen 1 - 66.0 / height
set bmargin at screen 54.0 / height
set xtics offset 0, 0.3
set xlabel textcolor rgb ink offset 0, 0.9
set ylabel textcolor rgb ink
scheme(i) = word(schemes, i)
type(i) = int(word(types, i))
# The cell of a column where the row is of scheme i, else nothing.
of(i, name) = strcol('scheme') eq scheme(i) ? column(name) : NaN
middle(i) = 0.5 * (of(i, 'x_lo') + of(i, 'x_hi'))

schemes = 'sms-code image-code'
types = '1 2'

set ytics ('all attacks' 0, 'watcher' -1, 'photographer' -2) scale 0
set yrange [-2.5:0.55]
set grid noytics
set lmargin at screen 0.22
axis = 'thefts per 1,000 withdrawals'
set xlabel axis
set xrange [0:*]
set offsets 0, graph 0.12, 0, 0
is(i, what, name) = strcol('what') eq what ? of(i, name) : NaN
plot for [i = 1:words(schemes)] data using (is(i, 'replication', 'value')):'place' \
        with points lt type(i) pt 6 ps 0.4 lw 1 notitle, \
    for [i = 1:words(schemes)] data using (is(i, 'mean', 'value')):'place':'low':'high' \
        with xerrorbars lt type(i) ps 0.9 title scheme(i), \
    for [i = 1:words(schemes)] data using (is(i, 'mean', 'right')):'place':(strcol('label')) \
        with labels left offset 1, 0.3 font ',12' textcolor rgb ink notitle
