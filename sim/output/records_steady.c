#include "output/records_steady.h"

static void put_number(struct text *text, double value, bool there)
{
    text_put(text, ",");
    if (there)
        text_format(text, "%.10g", value);
}

static void put_doubts(struct text *text, unsigned doubts)
{
    const char *apart = "";
    for (unsigned doubt = 1; doubt < 1u << STEADY_DOUBTS; doubt <<= 1)
        if (doubts & doubt) {
            text_format(text, "%s%s", apart, steady_word(doubt));
            apart = " ";
        }
}

void records_steady_header(struct text *text)
{
    text_put(text, "scheme,metric,n,observations,deleted,warmup,batches,correlation,skewness,"
                   "doubts\n");
}

void records_steady_rows(struct text *text, const char *prefix, const struct summary *summary,
                         const struct model_tables *tables)
{
    static const char *const verdicts[] = {
        [WARMUP_FOUND] = "found", [WARMUP_SHORT] = "short", [WARMUP_UNSETTLED] = "unsettled"};
    for (size_t i = 0; i < summary->steady_count; i++) {
        const struct summary_steady *row = &summary->steady[i];
        const struct steady *steady = &row->steady;
        text_format(text, "%s%s,%s,%zu,%llu,%llu,%s", prefix, tables->schemes[row->scheme],
                    tables->measures[row->measure].name, steady->n,
                    (unsigned long long)steady->observations, (unsigned long long)steady->deleted,
                    verdicts[steady->warmup.verdict]);
        if (steady->n == 1)
            text_format(text, ",%zu", steady->batches);
        else
            text_put(text, ",");
        put_number(text, steady->correlation, steady->n > 0);
        put_number(text, steady->skewness, steady->n > 1);
        text_put(text, ",");
        put_doubts(text, steady->doubts);
        text_put(text, "\n");
    }
}

/* What MSER saw: the average of the replications, some hundred means of it. */
static void warmup_rows(struct text *text, const struct summary_steady *row,
                        const struct model_tables *tables)
{
    unsigned long long width = 1ULL << row->steady.log_width;
    for (size_t cell = 0; cell + WARMUP_BATCH <= row->steady.cells; cell += WARMUP_BATCH) {
        double mean = 0.0;
        for (size_t i = 0; i < WARMUP_BATCH; i++)
            mean += row->average[cell + i] / WARMUP_BATCH;
        text_format(text, "%s,%s,%llu,%llu,%.10g\n", tables->schemes[row->scheme],
                    tables->measures[row->measure].name, cell * width,
                    (cell + WARMUP_BATCH) * width, mean);
    }
}

void records_warmup_csv(struct text *text, const struct summary *summary,
                        const struct model_tables *tables)
{
    text_put(text, "scheme,metric,from,to,mean\n");
    for (size_t i = 0; i < summary->steady_count; i++)
        warmup_rows(text, &summary->steady[i], tables);
}
