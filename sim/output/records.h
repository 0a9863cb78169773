/*
 * The records of a run: the files that `cashpoint run` leaves in results/<scenario>/<run>/, and
 * that the report, `compare` and anyone's own tools read. All CSV files: a header line,
 * comma-separated,
 * '.' as the decimal point, numbers as "%.10g", no quoting needed (names are [a-z0-9._-]+ except
 * the free text of gallery.csv's `note`, which holds no comma), rows in the order of their columns.
 * They are the same bytes for the same scenario, seed and build, but for timings.csv, manifest.json
 * and the journal.
 *
 * replications.csv   what each replication counted
 *     scheme,replication,metric,unit,kind,numerator,denominator,value,p50,p95,p99
 *     kind: count (value = numerator), ratio (value = numerator / denominator, both counts: a
 *     proportion, 0..1, unit "1"), rate (value = numerator / denominator, any), time (mean
 *     numerator / denominator seconds over `denominator` observations, with percentiles). Empty
 *     cells where a column does not apply, or where the denominator is 0.
 *
 * summary.csv        over replications
 *     scheme,metric,unit,kind,n,mean,ci_lo,ci_hi,method,gain,p50,p90,p95,p99,p999,p9999
 *     n: replications that have a value; ci: 95%; method: "t" (Student's t over replications),
 *     "clopper-pearson" (pooled, where no replication counted any event, or a ratio nothing else),
 *     "none" (one replication, or a difference without spread); of steady.metrics "t-after-mser5"
 *     (the warm-up deleted first), of a single replication "batch-means-after-mser"; without "after"
 *     where no end of the warm-up was found. Where both schemes ran, rows of scheme "difference"
 *     hold image-code minus sms-code, paired by replication, and gain: how many times the
 *     replications would be needed for the same width without common random numbers. Percentiles:
 *     of all observations together (of steady.metrics, too: the warm-up is among them); empty where
 *     fewer than ten lie above.
 *
 * steady.csv         the metrics of steady.metrics (engine/steady.h)
 *     scheme,metric,n,observations,deleted,warmup,batches,correlation,skewness,doubts
 *     observations: of all replications; deleted: from the start of each; warmup: found, short (too
 *     few observations to tell) or unsettled; batches: of a single replication; correlation: from
 *     one part (or batch) of a replication to the next; skewness: of a replication's mean; doubts:
 *     words apart by a blank, or nothing: short, unsettled, few-batches, correlated, brief, skewed.
 *
 * warmup.csv         what they were judged by: averages over replications in order
 *     scheme,metric,from,to,mean
 *     from, to: numbers of observations (to excluded).
 *
 * curves.csv         histograms and profiles, by replication
 *     curve,scheme,replication,bin,x_lo,x_hi,x_unit,n,sum
 *     mean of the bin = sum / n; for a success curve `sum` counts successes among n trials.
 *     The outermost bins hold what lies beyond them, too.
 *     Curves: withdrawals (by hour of the day; sum = withdrawals paid, n = hours of the bin in the
 *     run), queue-wait (by hour of arrival; n = customers served, sum = seconds waited),
 * wait-distribution (by seconds waited; n = customers, sum = n), decode-distance (by mm),
 * decode-defocus (by px of the defocus disc), decode-module (by camera px a module),
 * photographer-distance (by m; n = photographs taken, sum = read by the thief's decoder).
 *
 * timings.csv        measured CPU time, never part of what is simulated
 *     scheme,stage,n,mean_ns,p50_ns,p99_ns,total_s
 *     Stages: render, camera, decode, verify, redeem.
 *
 * gallery.csv        captured frames kept as pictures, first of each kind
 *     file,scheme,replication,capture,who,outcome,distance_mm,module_px,defocus_px,motion_px,tilt_deg,note
 *     file: gallery/NAME.png; who: customer, thief (the photograph) or accomplice (shows it to
 *     another ATM); outcome: accepted (read as it was shown), misread, or why it was not read. The ID
 *     for `cashpoint replay --capture` is scheme/replication/capture (of a sweep, with point/ before).
 *
 * Of a run that sweeps, points/N holds all of the above for its N-th design point (scenario.yaml and
 * manifest.json, too: a folder that can be reported by itself), and the run's own folder
 *
 * design.csv         what the points are: a row a point and swept key
 *     point,factor,key,level,value,number,unit
 *     point, factor, level: from 1; keys of one factor go together; value: as a scenario writes it,
 *     with ; for a comma; number, unit: of that value, where all values of the key are numbers in one
 *     unit.
 *
 * summary.csv        a row a point, scheme and metric: "point," and the columns above
 * asked.csv          metric: those that the scenario's report.metrics names
 * needed.csv         report.needed (experiment/needed.h): a row a combination of the other factors
 *     point,key,question,needed,at_best,at_worst
 *     point: the first of the combination; then numbers in the key's unit, by the mean and by the
 *     better and worse end of its interval; empty: more than the sweep tries.
 * steady.csv         the same of steady.csv
 *
 * summary.json, manifest.json, fingerprint.txt, scenario.yaml (resolved: reads back to the same
 * run), journal (experiment/journal.h).
 */
#ifndef CASHPOINT_RECORDS_H
#define CASHPOINT_RECORDS_H
