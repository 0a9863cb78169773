/* cashpoint validate: every mistake of a scenario file, in one pass. */
#include "command.h"
#include "experiment/scenario.h"
#include "question.h"
#include "settings.h"

#include <stdio.h>

enum { OPTION_SET, OPTION_EXPAND, OPTION_CHANGED };

static enum exit_code validate(const struct arguments *arguments)
{
    struct scenario scenario;
    if (!scenario_read(&scenario, &settings_table, arguments->words[0], arguments->settings,
                       arguments->setting_count, stderr))
        return EXIT_BAD_INPUT;
    bool fits = question_fits(&scenario);
    if (!fits)
        scenario_fini(&scenario);
    if (!fits)
        return EXIT_BAD_INPUT;
    if (arguments->options[OPTION_EXPAND] != NULL || arguments->options[OPTION_CHANGED] != NULL)
        scenario_write(&scenario, stdout, arguments->options[OPTION_CHANGED] != NULL);
    else if (scenario.sweep.count > 0)
        printf("%s: no mistakes; %zu design point%s\n", arguments->words[0],
               sweep_points(&scenario.sweep), sweep_points(&scenario.sweep) == 1 ? "" : "s");
    else
        printf("%s: no mistakes\n", arguments->words[0]);
    scenario_fini(&scenario);
    return EXIT_DONE;
}

const struct command command_validate = {
    .name = "validate",
    .takes = "SCENARIO [options]",
    .help = "Name every mistake of a scenario file, with line and column",
    .run = validate,
    .options = {{"set", "KEY=VALUE", "Override a key of the scenario (repeat as needed)"},
                {"expand", NULL, "Print the resolved scenario: parents, settings and defaults"},
                {"changed", NULL, "Print only what differs from the defaults"}},
    .least_words = 1,
    .most_words = 1,
};
