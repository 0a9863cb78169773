/* cashpoint report: plots and HTML again, from the records of a run. */
#include "command.h"
#include "output/folder.h"
#include "output/report.h"

#include <stdio.h>

/* The journal has every finished unit, and all records can be made from it. */
static enum exit_code report_failure(const char *directory, const char *why)
{
    struct folder folder;
    struct error error;
    bool journal = folder_open(&folder, directory, &error) && folder_has(&folder, "journal");
    folder_close(&folder);
    if (!journal)
        return complain(EXIT_BAD_INPUT, "%s", why);
    return complain(EXIT_BAD_INPUT,
                    "%s; or make all records from the journal: cashpoint run --resume %s", why,
                    directory);
}

static enum exit_code report(const struct arguments *arguments)
{
    struct error error;
    switch (report_make(arguments->words[0], &error)) {
    case REPORT_DONE:
        printf("%s/report.html\n", arguments->words[0]);
        return EXIT_DONE;
    case REPORT_NO_GNUPLOT:
        warn("%s", error.text);
        printf("%s/report.html\n", arguments->words[0]);
        return EXIT_MISSING_PROGRAM;
    case REPORT_FAILED:
        break;
    }
    return report_failure(arguments->words[0], error.text);
}

const struct command command_report = {
    .name = "report",
    .takes = "DIR",
    .help = "Make the plots and the report of a run again from its records",
    .run = report,
    .least_words = 1,
    .most_words = 1,
};
