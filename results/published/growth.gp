# CPU time and memory against the number of customers. Run in this folder: gnuplot -d growth.gp
set terminal svg size 900,380 font 'sans-serif,13' background '#ffffff'
set output 'growth.svg'
set datafile separator ','
set key top left reverse Left samplen 2
set border 3
set tics nomirror
set grid lc rgb '#dddddd'
set logscale x
set xlabel 'customers'
set format x '10^{%L}'
set logscale y
set multiplot layout 1,2
set title 'CPU time of a day, s'
plot 'growth.csv' using 1:4 skip 1 title 'n log n through the smallest' with lines dt 2 lc rgb '#888888', \
    '' using 1:3 skip 1 title 'measured' with linespoints pt 7 lc rgb '#1f5fa8'
set title 'peak memory, bytes a customer'
set yrange [100:10000]
plot 400 title 'the aim: at most 400' with lines dt 2 lc rgb '#888888', \
    'growth.csv' using 1:6 skip 1 title 'measured, the program included' with linespoints pt 7 lc rgb '#a8431f'
unset multiplot
