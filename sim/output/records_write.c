#include "output/records_write.h"

#include "engine/hash.h"
#include "output/json.h"
#include "output/records_steady.h"

#include <math.h>
#include <stdlib.h>

static const char *const kind_names[] = {[MEASURE_COUNT] = "count",
                                         [MEASURE_RATIO] = "ratio",
                                         [MEASURE_RATE] = "rate",
                                         [MEASURE_TIME] = "time"};

static void cell(struct text *text, double value, bool there)
{
    if (there && isfinite(value))
        text_format(text, ",%.10g", value);
    else
        text_put(text, ",");
}

static void replication_row(struct text *text, const struct unit_result *unit, size_t i)
{
    const struct model_tables *tables = unit->tables;
    const struct measure *measure = &tables->measures[i];
    const struct histogram *times = unit->times[i];
    bool spread = times != NULL && times->n > 0;
    text_format(text, "%s,%u,%s,%s,%s", tables->schemes[unit->scheme], unit->replication,
                measure->name, measure->unit, kind_names[measure->kind]);
    cell(text, unit->numerator[i], true);
    cell(text, unit->denominator[i], measure->kind != MEASURE_COUNT);
    cell(text, unit_value(unit, i), true);
    cell(text, spread ? histogram_quantile(times, 0.50) * 1e-9 : NAN, spread);
    cell(text, spread ? histogram_quantile(times, 0.95) * 1e-9 : NAN, spread);
    cell(text, spread ? histogram_quantile(times, 0.99) * 1e-9 : NAN, spread);
    text_put(text, "\n");
}

static void replications_csv(struct text *text, const struct experiment *experiment)
{
    text_put(text, "scheme,replication,metric,unit,kind,numerator,denominator,value,p50,p95,p99\n");
    for (size_t i = 0; i < experiment->count; i++)
        for (size_t m = 0; m < experiment->tables->measure_count; m++)
            replication_row(text, experiment->units[i], m);
}

static const char *scheme_name(const struct model_tables *tables, int scheme)
{
    return scheme == SUMMARY_DIFFERENCE ? "difference" : tables->schemes[scheme];
}

void records_summary_header(struct text *text)
{
    text_put(text, "scheme,metric,unit,kind,n,mean,ci_lo,ci_hi,method,gain");
    for (int i = 0; i < SUMMARY_PERCENTILES; i++)
        text_format(text, ",%s", summary_percentiles[i].name);
    text_put(text, "\n");
}

void records_summary_rows(struct text *text, const char *prefix, const struct summary *summary,
                          const struct model_tables *tables)
{
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        const struct measure *measure = &tables->measures[row->measure];
        text_format(text, "%s%s,%s,%s,%s,%u", prefix, scheme_name(tables, row->scheme),
                    measure->name, measure->unit, kind_names[measure->kind], row->n);
        cell(text, row->mean, row->n > 0);
        cell(text, row->interval.low, row->n > 0);
        cell(text, row->interval.high, row->n > 0);
        text_format(text, ",%s", row->method);
        cell(text, row->gain, true);
        for (int k = 0; k < SUMMARY_PERCENTILES; k++)
            cell(text, row->percentile[k], true);
        text_put(text, "\n");
    }
}

static void summary_csv(struct text *text, const struct summary *summary,
                        const struct model_tables *tables)
{
    records_summary_header(text);
    records_summary_rows(text, "", summary, tables);
}

/* Only those that there are. */
static void json_percentiles(struct text *text, const struct summary_row *row)
{
    bool first = true;
    for (int i = 0; i < SUMMARY_PERCENTILES; i++) {
        if (!isfinite(row->percentile[i]))
            continue;
        if (first) {
            json_key(text, "percentiles", false);
            text_put(text, "{");
        }
        json_key(text, summary_percentiles[i].name, first);
        json_number(text, row->percentile[i]);
        first = false;
    }
    if (!first)
        text_put(text, "}");
}

static void json_row(struct text *text, const struct summary_row *row,
                     const struct measure *measure)
{
    json_key(text, measure->name, true);
    text_put(text, "{");
    json_key(text, "unit", true);
    json_string(text, measure->unit);
    json_key(text, "n", false);
    json_number(text, row->n);
    json_key(text, "mean", false);
    json_number(text, row->n > 0 ? row->mean : NAN);
    json_key(text, "ci95", false);
    text_put(text, "[");
    json_number(text, row->n > 0 ? row->interval.low : NAN);
    text_put(text, ", ");
    json_number(text, row->n > 0 ? row->interval.high : NAN);
    text_put(text, "]");
    json_key(text, "method", false);
    json_string(text, row->method);
    if (isfinite(row->gain)) {
        json_key(text, "gain", false);
        json_number(text, row->gain);
    }
    json_percentiles(text, row);
    text_put(text, "}");
}

static void summary_json(struct text *text, const struct summary *summary,
                         const struct model_tables *tables)
{
    text_put(text, "{");
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        bool opens = i == 0 || summary->rows[i - 1].scheme != row->scheme;
        if (opens) {
            text_put(text, i == 0 ? "\n" : "\n  },\n");
            text_put(text, "  ");
            json_key(text, scheme_name(tables, row->scheme), true);
            text_put(text, "{");
        }
        text_put(text, opens ? "\n    " : ",\n    ");
        json_row(text, row, &tables->measures[row->measure]);
    }
    text_put(text, summary->count > 0 ? "\n  }\n}\n" : "}\n");
}

static void curves_csv(struct text *text, const struct experiment *experiment)
{
    text_put(text, "curve,scheme,replication,bin,x_lo,x_hi,x_unit,n,sum\n");
    const struct model_tables *tables = experiment->tables;
    for (size_t c = 0; c < tables->curve_count; c++)
        for (size_t i = 0; i < experiment->count; i++)
            for (unsigned bin = 0; bin < tables->curves[c].bins; bin++) {
                const struct unit_result *unit = experiment->units[i];
                const struct curve *curve = &tables->curves[c];
                text_format(text, "%s,%s,%u,%u,%.10g,%.10g,%s,%.10g,%.10g\n", curve->name,
                            tables->schemes[unit->scheme], unit->replication, bin,
                            curve_edge(curve, bin), curve_edge(curve, bin + 1), curve->x_unit,
                            unit->cells[c][bin].n, unit->cells[c][bin].sum);
            }
}

static void timing_row(struct text *text, const struct experiment *experiment, unsigned scheme,
                       size_t stage)
{
    struct histogram *pooled = calloc(1, sizeof *pooled);
    CHECK(pooled != NULL);
    for (unsigned i = 0; i < experiment->replications; i++)
        histogram_merge(pooled, &experiment_unit(experiment, scheme, i)->stages[stage]);
    if (pooled->n > 0)
        text_format(text, "%s,%s,%llu,%.10g,%.10g,%.10g,%.10g\n",
                    experiment->tables->schemes[scheme], experiment->tables->stages[stage],
                    (unsigned long long)pooled->n, pooled->sum / (double)pooled->n,
                    histogram_quantile(pooled, 0.50), histogram_quantile(pooled, 0.99),
                    pooled->sum * 1e-9);
    free(pooled);
}

static void timings_csv(struct text *text, const struct experiment *experiment)
{
    text_put(text, "scheme,stage,n,mean_ns,p50_ns,p99_ns,total_s\n");
    for (unsigned scheme = 0; scheme < experiment->tables->scheme_count; scheme++)
        for (size_t stage = 0; stage < experiment->tables->stage_count; stage++)
            if (experiment->schemes >> scheme & 1)
                timing_row(text, experiment, scheme, stage);
}

static bool write_text(const struct folder *folder, const char *name, struct text *text,
                       uint64_t *sum, struct error *error)
{
    if (sum != NULL)
        *sum = hash_bytes(*sum, text->bytes, text->length);
    bool good = folder_write(folder, name, text->bytes, text->length, error);
    text_free(text);
    return good;
}

static bool write_fingerprint(const struct folder *folder, const struct experiment *experiment,
                              uint64_t *sum, struct error *error)
{
    struct text text = {0};
    for (size_t i = 0; i < experiment->count; i++)
        *sum = hash_bytes(*sum, &experiment->units[i]->fingerprint, sizeof(uint64_t));
    text_format(&text, "%016llx\n", (unsigned long long)*sum);
    return write_text(folder, "fingerprint.txt", &text, NULL, error);
}

bool records_write(const struct folder *folder, const struct experiment *experiment,
                   const struct summary *summary, uint64_t *fingerprint, struct error *error)
{
    const struct model_tables *tables = experiment->tables;
    struct text text = {0};
    *fingerprint = HASH_START;
    replications_csv(&text, experiment);
    if (!write_text(folder, "replications.csv", &text, fingerprint, error))
        return false;
    summary_csv(&text, summary, tables);
    if (!write_text(folder, "summary.csv", &text, fingerprint, error))
        return false;
    curves_csv(&text, experiment);
    if (!write_text(folder, "curves.csv", &text, fingerprint, error))
        return false;
    records_steady_header(&text);
    records_steady_rows(&text, "", summary, tables);
    if (!write_text(folder, "steady.csv", &text, fingerprint, error))
        return false;
    records_warmup_csv(&text, summary, tables);
    if (!write_text(folder, "warmup.csv", &text, fingerprint, error))
        return false;
    summary_json(&text, summary, tables);
    if (!write_text(folder, "summary.json", &text, NULL, error))
        return false;
    timings_csv(&text, experiment);
    if (!write_text(folder, "timings.csv", &text, NULL, error))
        return false;
    return write_fingerprint(folder, experiment, fingerprint, error);
}
