#include "output/report.h"

#include "output/page.h"
#include "output/plots.h"
#include "output/report_data.h"
#include "output/sweep_report.h"

static bool write_page(const struct report_data *data, const struct plots *plots,
                       const struct folder *run, struct error *error)
{
    struct text page = {0};
    bool good = page_write(&page, data, plots, run, error) &&
                folder_write(run, "report.html", page.bytes, page.length, error);
    text_free(&page);
    return good;
}

static enum report_outcome make_all(const struct report_data *data, const struct folder *run,
                                    struct error *error)
{
    struct folder folder;
    struct plots plots = {0};
    bool good = folder_enter(&folder, run, "plots", true, error) &&
                plots_make(&plots, data, &folder, error) && write_page(data, &plots, run, error);
    bool missing = plots.gnuplot_missing;
    plots_free(&plots);
    folder_close(&folder);
    if (!good)
        return REPORT_FAILED;
    return missing ? REPORT_NO_GNUPLOT : REPORT_DONE;
}

static enum report_outcome make_of_run(const struct folder *run, struct error *error)
{
    struct report_data data;
    if (!report_data_load(&data, run, error))
        return REPORT_FAILED;
    enum report_outcome outcome = make_all(&data, run, error);
    report_data_free(&data);
    return outcome;
}

enum report_outcome report_make(const char *directory, struct error *error)
{
    struct folder run;
    if (!folder_open(&run, directory, error))
        return REPORT_FAILED;
    enum report_outcome outcome =
        sweep_data_is_there(&run) ? sweep_report_make(&run, error) : make_of_run(&run, error);
    if (outcome == REPORT_NO_GNUPLOT)
        error_set(error,
                  "gnuplot was not found, so %.200s/report.html has no plots; install it "
                  "(Debian: gnuplot-nox) and run `cashpoint report` on that folder",
                  run.path);
    folder_close(&run);
    return outcome;
}
