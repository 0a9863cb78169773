/*
 * The records of a run that never was, for tests of the report: both schemes, 5 replications, a
 * weekday of hours, decoding curves and two kept frames. Plausible numbers, always the same bytes.
 */
#ifndef CASHPOINT_REPORT_FIXTURE_H
#define CASHPOINT_REPORT_FIXTURE_H

#include "engine/error.h"
#include "engine/random.h"
#include "engine/statistics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FIXTURE_REPLICATIONS = 5, FIXTURE_HOURS = 24 };

static const char *const fixture_schemes[] = {"sms-code", "image-code"};

/* A PNG picture of one grey pixel. */
static const unsigned char fixture_png[] = {
    0x89, 'P',  'N',  'G',  '\r', '\n', 0x1A, '\n', 0x00, 0x00, 0x00, 0x0D, 'I',  'H',
    'D',  'R',  0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00,
    0x00, 0x3A, 0x7E, 0x9B, 0x55, 0x00, 0x00, 0x00, 0x0A, 'I',  'D',  'A',  'T',  0x78,
    0x9C, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81, 0x77, 0xCD, 0x72, 0xB6, 0x00,
    0x00, 0x00, 0x00, 'I',  'E',  'N',  'D',  0xAE, 0x42, 0x60, 0x82};

static FILE *fixture_open(const char *folder, const char *name)
{
    char path[600];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK(length > 0 && (size_t)length < sizeof path);
    FILE *file = fopen(path, "wb");
    CHECK(file);
    return file;
}

static void fixture_write(const char *folder, const char *name, const void *bytes, size_t length)
{
    FILE *file = fixture_open(folder, name);
    CHECK(fwrite(bytes, 1, length, file) == length);
    CHECK(fclose(file) == 0);
}

static void fixture_text(const char *folder, const char *name, const char *text)
{
    fixture_write(folder, name, text, strlen(text));
}

/* A metric: its mean in each scheme, how far replications lie from it, and what it is over. */
struct fixture_metric {
    const char *name, *unit, *kind;
    double mean[2], spread, denominator;
};

static const struct fixture_metric fixture_metrics[] = {
    {"withdrawals-paid", "1", "count", {19480, 19655}, 90, 0},
    {"completion", "1", "ratio", {0.9612, 0.9744}, 0.0012, 20170},
    {"false-refusal", "1", "ratio", {0.0184, 0.0096}, 0.0007, 20170},
    {"presentations-per-withdrawal", "1", "rate", {1.062, 1.118}, 0.004, 19500},
    {"session-time", "s", "time", {46.3, 31.8}, 0.25, 20170},
    {"queue-wait", "s", "time", {24.6, 11.3}, 1.6, 20170},
    {"exposure-time", "s", "time", {212.0, 9.4}, 0.6, 20170},
    {"thefts", "per 1000 withdrawals", "rate", {1.42, 0.31}, 0.2, 19500},
    {"thefts-watcher", "per 1000 withdrawals", "rate", {1.42, 0}, 0.2, 19500},
    {"thefts-photographer", "per 1000 withdrawals", "rate", {0, 0.31}, 0.1, 19500},
    {"theft-loss", "CNY per 1000 withdrawals", "rate", {1985, 402}, 210, 19500},
    {"decode-success", "1", "ratio", {NAN, 0.9021}, 0.002, 21900},
    {"outcome.paid", "1", "ratio", {0.9612, 0.9744}, 0.0012, 20170},
    {"outcome.no-symbol", "1", "ratio", {NAN, 0.0071}, 0.0004, 20170},
    {"outcome.wrong-code", "1", "ratio", {0.0152, 0.0008}, 0.0006, 20170},
    {"outcome.expired", "1", "ratio", {0.0121, 0.0113}, 0.0008, 20170},
    {"outcome.locked-out", "1", "ratio", {0.0032, 0.0004}, 0.0002, 20170},
    {"outcome.gave-up-queueing", "1", "ratio", {0.0069, 0.0046}, 0.0006, 20170},
    {"outcome.no-cash", "1", "ratio", {0.0014, 0.0014}, 0.0002, 20170},
};

enum { FIXTURE_METRICS = sizeof fixture_metrics / sizeof *fixture_metrics };

static double fixture_scale(const struct fixture_metric *metric)
{
    return strstr(metric->unit, "per 1000") ? 1000.0 : 1.0;
}

static double fixture_value(const struct fixture_metric *metric, size_t scheme,
                            uint32_t replication)
{
    struct stream stream;
    uint64_t entity = (uint64_t)(metric - fixture_metrics) * 2 + scheme;
    stream_init(&stream, (struct stream_key){7, entity, replication, 1});
    double mean = metric->mean[scheme];
    if (isnan(mean))
        return NAN;
    double value = mean + metric->spread * stream_normal(&stream, 0.0, 1.0);
    if (strcmp(metric->kind, "count") == 0)
        return round(value);
    if (metric->denominator > 0.0 && strcmp(metric->kind, "time") != 0 &&
        strncmp(metric->name, "theft-", 6) != 0)
        value = round(value * metric->denominator / fixture_scale(metric)) / metric->denominator *
                fixture_scale(metric);
    return mean == 0.0 ? 0.0 : fmax(0.0, value);
}

static void fixture_replications(const char *folder)
{
    FILE *file = fixture_open(folder, "replications.csv");
    fprintf(file, "scheme,replication,metric,unit,kind,numerator,denominator,value,p50,p95,p99\n");
    for (size_t s = 0; s < 2; s++)
        for (uint32_t r = 0; r < FIXTURE_REPLICATIONS; r++)
            for (size_t m = 0; m < FIXTURE_METRICS; m++) {
                const struct fixture_metric *metric = &fixture_metrics[m];
                double value = fixture_value(metric, s, r);
                if (isnan(value))
                    continue;
                fprintf(file, "%s,%u,%s,%s,%s,", fixture_schemes[s], r, metric->name, metric->unit,
                        metric->kind);
                if (metric->denominator > 0.0)
                    fprintf(file, "%.10g,%.10g,%.10g,",
                            value * metric->denominator / fixture_scale(metric),
                            metric->denominator, value);
                else
                    fprintf(file, "%.10g,,%.10g,", value, value);
                if (strcmp(metric->kind, "time") == 0)
                    fprintf(file, "%.10g,%.10g,%.10g\n", value * 0.8, value * 2.2, value * 3.4);
                else
                    fprintf(file, ",,\n");
            }
    CHECK(fclose(file) == 0);
}

static void fixture_summary_row(FILE *file, const struct fixture_metric *metric, const char *scheme,
                                const double *values)
{
    struct tally tally = {0};
    for (size_t r = 0; r < FIXTURE_REPLICATIONS; r++)
        tally_add(&tally, values[r]);
    struct interval interval = interval_student(values, FIXTURE_REPLICATIONS, 0.95);
    bool none = tally.maximum == 0.0 && tally.minimum == 0.0;
    if (none) /* pooled, as the records do it */
        interval.high = -log(0.025) / metric->denominator / FIXTURE_REPLICATIONS * 1000.0;
    fprintf(file, "%s,%s,%s,%s,%d,%.10g,%.10g,%.10g,%s,", scheme, metric->name, metric->unit,
            metric->kind, FIXTURE_REPLICATIONS, tally.mean, interval.low, interval.high,
            none ? "clopper-pearson" : "t");
    if (strcmp(metric->kind, "time") == 0 && strcmp(scheme, "difference") != 0)
        fprintf(file, ",%.10g,%.10g,%.10g,%.10g,%.10g,\n", tally.mean * 0.8, tally.mean * 1.7,
                tally.mean * 2.2, tally.mean * 3.4, tally.mean * 5.6);
    else
        fprintf(file, "%s,,,,,,\n", strcmp(scheme, "difference") == 0 ? "2.5" : "");
}

static void fixture_summary(const char *folder)
{
    FILE *file = fixture_open(folder, "summary.csv");
    fprintf(file,
            "scheme,metric,unit,kind,n,mean,ci_lo,ci_hi,method,gain,p50,p90,p95,p99,p999,p9999\n");
    for (size_t m = 0; m < FIXTURE_METRICS; m++) {
        const struct fixture_metric *metric = &fixture_metrics[m];
        double values[3][FIXTURE_REPLICATIONS];
        for (uint32_t r = 0; r < FIXTURE_REPLICATIONS; r++) {
            values[0][r] = fixture_value(metric, 0, r);
            values[1][r] = fixture_value(metric, 1, r);
            values[2][r] = values[1][r] - values[0][r];
        }
        for (size_t s = 0; s < 2; s++)
            if (!isnan(metric->mean[s]))
                fixture_summary_row(file, metric, fixture_schemes[s], values[s]);
        if (!isnan(values[2][0]))
            fixture_summary_row(file, metric, "difference", values[2]);
    }
    CHECK(fclose(file) == 0);
}

static double fixture_profile(int hour)
{
    return hour < 6   ? 0.12
           : hour < 8 ? 0.6
                      : 0.7 + exp(-pow(hour - 12, 2) / 6.0) + 1.3 * exp(-pow(hour - 18, 2) / 5.0) -
                            (hour > 20 ? 0.2 * (hour - 20) : 0.0);
}

/* Hours: withdrawals, and seconds waited. */
static void fixture_hours(FILE *file, size_t s, unsigned r, struct stream *stream)
{
    for (int h = 0; h < FIXTURE_HOURS; h++) {
        double paid = fmax(0.0, round(stream_normal(stream, 980 * fixture_profile(h), 25)));
        fprintf(file, "withdrawals,%s,%u,%d,%d,%d,h,1,%.10g\n", fixture_schemes[s], r, h, h, h + 1,
                paid);
        double load = fixture_profile(h) / (s == 0 ? 2.2 : 2.6);
        double wait = fmax(0.1, (s == 0 ? 46 : 32) * load * load / (1.04 - load) *
                                    stream_normal(stream, 0.35, 0.05));
        fprintf(file, "queue-wait,%s,%u,%d,%d,%d,h,%.10g,%.10g\n", fixture_schemes[s], r, h, h,
                h + 1, paid, paid * wait);
    }
}

static void fixture_waits(FILE *file, size_t s, unsigned r)
{
    double left = 20170;
    for (int b = 0; b < 40; b++) {
        double share = b == 0 ? (s == 0 ? 0.55 : 0.7) : 1.0 - exp(-20.0 / (s == 0 ? 70 : 42));
        double n = round(left * share);
        fprintf(file, "wait-distribution,%s,%u,%d,%d,%d,s,%.10g,%.10g\n", fixture_schemes[s], r, b,
                b * 20, b * 20 + 20, n, n);
        left -= n;
    }
}

struct fixture_curve {
    const char *name, *unit;
    int bins;
    double start, step, middle, width; /* a normal crowd of trials */
    double fall_at, fall_over;         /* success is 0.98 well below `fall_at` */
};

static const struct fixture_curve fixture_curves[] = {
    {"decode-distance", "mm", 16, 40, 10, 100, 22, 150, 9},
    {"decode-defocus", "px", 14, 0, 0.5, 1.6, 1.4, 4.1, 0.4},
    {"decode-module", "px", 14, 1, 0.25, 2.9, 0.5, 1.9, -0.12},
    {"photographer-distance", "m", 12, 0.5, 0.5, 2.5, 1.5, 3.1, 0.4},
};

static void fixture_success(FILE *file, const struct fixture_curve *curve, unsigned r,
                            struct stream *stream)
{
    double total = strncmp(curve->name, "photo", 5) == 0 ? 60 : 4000;
    for (int b = 0; b < curve->bins; b++) {
        double lo = curve->start + b * curve->step, x = lo + 0.5 * curve->step;
        double z = (x - curve->middle) / curve->width;
        unsigned n = (unsigned)(total * exp(-0.5 * z * z) * curve->step / curve->width * 0.4);
        double p = 0.98 / (1.0 + exp((x - curve->fall_at) / curve->fall_over)), read = 0;
        for (unsigned i = 0; i < n; i++)
            read += stream_chance(stream, p);
        fprintf(file, "%s,image-code,%u,%d,%.10g,%.10g,%s,%u,%.10g\n", curve->name, r, b, lo,
                lo + curve->step, curve->unit, n, read);
    }
}

static void fixture_all_curves(const char *folder)
{
    FILE *file = fixture_open(folder, "curves.csv");
    fprintf(file, "curve,scheme,replication,bin,x_lo,x_hi,x_unit,n,sum\n");
    for (unsigned r = 0; r < FIXTURE_REPLICATIONS; r++) {
        struct stream stream;
        stream_init(&stream, (struct stream_key){8, 0, r, 2});
        for (size_t s = 0; s < 2; s++) {
            fixture_hours(file, s, r, &stream);
            fixture_waits(file, s, r);
        }
        for (size_t c = 0; c < sizeof fixture_curves / sizeof *fixture_curves; c++)
            fixture_success(file, &fixture_curves[c], r, &stream);
    }
    CHECK(fclose(file) == 0);
}

static const char fixture_timings[] = "scheme,stage,n,mean_ns,p50_ns,p99_ns,total_s\n"
                                      "sms-code,verify,103420,412,388,1250,0.0426\n"
                                      "sms-code,redeem,97400,61200,54800,188000,5.96\n"
                                      "image-code,render,109870,38400,36900,71000,4.219\n"
                                      "image-code,camera,109870,2913000,2871000,3940000,320.1\n"
                                      "image-code,decode,109870,1410000,1304000,4120000,154.9\n"
                                      "image-code,verify,99110,431,402,1310,0.0427\n"
                                      "image-code,redeem,98280,60900,54100,190000,5.985\n";

static const char fixture_steady[] =
    "scheme,metric,n,observations,deleted,warmup,batches,correlation,skewness,doubts\n"
    "sms-code,queue-wait,5,100850,800,found,,0.12,0.21,\n"
    "image-code,queue-wait,5,100850,0,unsettled,,0.61,0.5,unsettled brief\n";

/* Waits that grow to their mean within some 800 customers. */
static void fixture_warmup(const char *folder)
{
    FILE *file = fixture_open(folder, "warmup.csv");
    struct stream stream;
    stream_init(&stream, (struct stream_key){9, 0, 0, 3});
    fprintf(file, "scheme,metric,from,to,mean\n");
    for (size_t s = 0; s < 2; s++)
        for (int i = 0; i < 250; i++)
            fprintf(file, "%s,queue-wait,%d,%d,%.10g\n", fixture_schemes[s], i * 80, i * 80 + 80,
                    (s == 0 ? 24.6 : 11.3) * (1.0 - exp(-(i + 0.5) / 4.0)) *
                        (1.0 + stream_normal(&stream, 0.0, 0.06)));
    CHECK(fclose(file) == 0);
}

static const char fixture_gallery[] =
    "file,scheme,replication,capture,who,outcome,distance_mm,module_px,defocus_px,motion_px,"
    "tilt_deg,note\n"
    "gallery/0-17.png,image-code,0,17,customer,accepted,96.31,3.02,0.84,0.4,3.1,first of its kind\n"
    "gallery/0-231.png,image-code,0,231,customer,no-symbol,158.2,1.83,4.92,1.1,7.4,\n"
    "gallery/0-17.png,image-code,0,40,thief,accepted,2400,1.9,0.3,0.2,12,\n"
    "gallery/0-17.png,image-code,0,41,accomplice,stale-code,101,3.1,0.3,0.2,1,\n";

/* Writes all files of the run into `folder`, which exists and is empty. */
static void fixture_make(const char *folder)
{
    char gallery[600];
    int length = snprintf(gallery, sizeof gallery, "%s/gallery", folder);
    CHECK(length > 0 && (size_t)length < sizeof gallery);
    CHECK(mkdir(gallery, 0777) == 0);
    fixture_write(gallery, "0-17.png", fixture_png, sizeof fixture_png);
    fixture_write(gallery, "0-231.png", fixture_png, sizeof fixture_png);
    fixture_replications(folder);
    fixture_summary(folder);
    fixture_all_curves(folder);
    fixture_text(folder, "timings.csv", fixture_timings);
    fixture_text(folder, "gallery.csv", fixture_gallery);
    fixture_text(folder, "steady.csv", fixture_steady);
    fixture_warmup(folder);
    fixture_text(folder, "fingerprint.txt", "3f9c1a7e52d04b86\n");
    fixture_text(folder, "scenario.yaml",
                 "description: One weekday in a town; the prior art against the image code, with a "
                 "thief who photographs screens\nseed: 1\nreplications: 5\nduration: 24 h\n"
                 "schemes: [sms-code, image-code]\n");
    fixture_text(folder, "manifest.json", "{\n  \"seed\": 1,\n  \"compiler\": \"gcc 12\"\n}\n");
}

#endif
