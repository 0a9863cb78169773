#include "question.h"

#include "command.h"
#include "experiment/needed.h"
#include "measures.h"
#include "settings.h"

bool question_fits(const struct scenario *scenario)
{
    const struct settings *settings = scenario->settings;
    struct needed needed;
    struct error error;
    size_t factor;
    if (settings->needed[0] == '\0')
        return true;
    CHECK(needed_parse(&needed, &model_tables, settings->needed, &error));
    if (needed_factor(&needed, &scenario->sweep, &factor, &error))
        return true;
    complain(EXIT_BAD_INPUT, "%s: report.needed: %s", scenario->name, error.text);
    return false;
}
