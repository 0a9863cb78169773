/* cashpoint params: the table of parameters. */
#include "command.h"
#include "experiment/scenario.h"
#include "settings.h"

#include <stdio.h>
#include <string.h>

enum { OPTION_FORMAT };

static const char *const formats[] = {[PARAMETER_AS_TEXT] = "text",
                                      [PARAMETER_AS_MARKDOWN] = "markdown",
                                      [PARAMETER_AS_SCHEMA] = "schema"};

static enum exit_code print_params(const struct arguments *arguments)
{
    const char *wanted = arguments->options[OPTION_FORMAT];
    const char *prefix = arguments->word_count > 0 ? arguments->words[0] : NULL;
    int format = 0;
    while (wanted != NULL && format < 3 && strcmp(formats[format], wanted) != 0)
        format++;
    if (format == 3)
        return complain(EXIT_USAGE, "--format takes text, markdown or schema, not '%s'", wanted);
    if (parameter_print(&settings_table, (enum parameter_format)format, prefix, stdout) == 0)
        return complain(EXIT_BAD_INPUT,
                        "no key starts with '%s'; 'cashpoint params' lists them all (extends and "
                        "sweep, which take other keys, are told in the README)",
                        prefix != NULL ? prefix : "");
    return EXIT_DONE;
}

const struct command command_params = {
    .name = "params",
    .takes = "[KEY] [options]",
    .help = "List the parameters of a scenario: unit, default, range, help, source",
    .more = "Example:\n  cashpoint params terminals.camera",
    .run = print_params,
    .options = {{"format", "NAME", "text (default), markdown, or schema (JSON Schema)"}},
    .least_words = 0,
    .most_words = 1,
};
