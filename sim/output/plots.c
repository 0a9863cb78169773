#include "output/plots.h"

#include "output/gnuplot.h"
#include "output/plot_draw.h"

#include <stdlib.h>

struct plot_kind {
    const char *name, *title;
    bool (*draw)(struct plot_files *files, const struct report_data *data);
};

static const struct plot_kind kinds[PLOTS] = {
    [PLOT_SECURITY] = {"security", "Thefts by scheme and attack", plot_security},
    [PLOT_PHOTOGRAPHER] = {"photographer", "What a photographer can read", plot_photographer},
    [PLOT_WITHDRAWALS] = {"withdrawals", "Withdrawals through the day", plot_withdrawals},
    [PLOT_QUEUE_WAIT] = {"queue-wait", "Mean wait by hour", plot_queue_wait},
    [PLOT_WAIT_DISTRIBUTION] = {"wait-distribution", "Distribution of waits",
                                plot_wait_distribution},
    [PLOT_OUTCOMES] = {"outcomes", "Outcomes", plot_outcomes},
    [PLOT_DECODE_DISTANCE] = {"decode-distance", "Decoding against distance", plot_decode_distance},
    [PLOT_DECODE_DEFOCUS] = {"decode-defocus", "Decoding against defocus", plot_decode_defocus},
    [PLOT_DECODE_MODULE] = {"decode-module", "Decoding against module size", plot_decode_module},
    [PLOT_WARMUP] = {"warmup", "Where the warm-up ends", plot_warmup},
    [PLOT_STAGES] = {"stages", "CPU time by stage", plot_stages},
};

static bool make_plot(struct plot *plot, const struct plot_kind *kind,
                      const struct report_data *data, const struct folder *folder,
                      const char *program, struct error *error)
{
    *plot = (struct plot){.name = kind->name, .title = kind->title};
    struct plot_files files = {.name = kind->name};
    bool drawn = kind->draw(&files, data);
    bool good = plot_make(plot, drawn ? &files : NULL, folder, program, error);
    plot_files_free(&files);
    return good;
}

bool plots_make(struct plots *plots, const struct report_data *data, const struct folder *folder,
                struct error *error)
{
    *plots = (struct plots){0};
    char program[512];
    plots->gnuplot_missing = !gnuplot_find(program, sizeof program);
    for (size_t i = 0; i < PLOTS; i++)
        if (!make_plot(&plots->plot[i], &kinds[i], data, folder,
                       plots->gnuplot_missing ? NULL : program, error))
            return false;
    return true;
}

void plots_free(struct plots *plots)
{
    for (size_t i = 0; i < PLOTS; i++)
        free(plots->plot[i].svg.data);
    *plots = (struct plots){0};
}
