/* The program: finds the command, reads its options, prints help. */
#include "command.h"
#include "experiment/colour.h"
#include "experiment/ranks.h"
#include "version.h"

#include <errno.h>
#include <getopt.h>
#include <gsl/gsl_errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command *const commands[] = {
    &command_run,    &command_merge,  &command_validate, &command_bench, &command_report,
    &command_replay, &command_decode, &command_show,     &command_params};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static bool hushed;

/* Among several ranks the first one speaks for all. */
static void hush(void)
{
    hushed = true;
    opterr = 0;
    if (freopen("/dev/null", "w", stdout) == NULL)
        fclose(stdout);
}

enum exit_code complain(enum exit_code code, const char *format, ...)
{
    va_list arguments;
    if (hushed)
        return code;
    fprintf(stderr, "cashpoint: %serror:%s ", colour_on(stderr, COLOUR_ERROR), colour_off(stderr));
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return code;
}

void warn(const char *format, ...)
{
    va_list arguments;
    if (hushed)
        return;
    fprintf(stderr, "cashpoint: %swarning:%s ", colour_on(stderr, COLOUR_WARNING),
            colour_off(stderr));
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

int64_t processors_online(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

bool argument_number(const char *name, const char *text, int64_t minimum, int64_t maximum,
                     int64_t *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < minimum || number > maximum) {
        complain(EXIT_USAGE, "--%s takes a whole number from %lld to %lld, not '%s'", name,
                 (long long)minimum, (long long)maximum, text);
        return false;
    }
    *value = number;
    return true;
}

static void print_usage(FILE *out)
{
    fputs("cashpoint simulates cardless cash withdrawal on real code images.\n\n"
          "Usage: cashpoint COMMAND ...\n\nCommands:\n",
          out);
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-10s%s\n", commands[i]->name, commands[i]->help);
    fputs("\n'cashpoint COMMAND --help' explains a command; 'cashpoint --version' says which build "
          "this is.\nExit codes: 0 done, 1 failed, 2 wrong usage, 65 bad scenario or input, 69 a "
          "needed program is missing,\n99 an expectation was not met, 130 interrupted.\n",
          out);
}

static void print_help(const struct command *command)
{
    printf("Usage: cashpoint %s %s\n\n%s.\n\nOptions:\n", command->name, command->takes,
           command->help);
    for (const struct command_option *option = command->options; option->name != NULL; option++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", option->name, option->argument != NULL ? " " : "",
                 option->argument != NULL ? option->argument : "");
        printf("  %-24s%s\n", left, option->help);
    }
    printf("  %-24s%s\n", "--help", "This text");
    if (command->more != NULL)
        printf("\n%s\n", command->more);
}

/* Returns false where the options are wrong (said on stderr) or help was asked for. */
static bool parse(const struct command *command, int count, char **words,
                  struct arguments *arguments, enum exit_code *code)
{
    struct option rows[COMMAND_MAX_OPTIONS + 2] = {{"help", no_argument, NULL, 'h'}};
    int n = 1, choice, which = 0;
    for (const struct command_option *option = command->options; option->name != NULL; option++)
        rows[n++] = (struct option){
            option->name, option->argument != NULL ? required_argument : no_argument, NULL, 'o'};
    *code = EXIT_USAGE;
    while ((choice = getopt_long(count, words, "h", rows, &which)) != -1) {
        if (choice == 'h') {
            print_help(command);
            *code = EXIT_DONE;
            return false;
        }
        if (choice != 'o') {
            complain(EXIT_USAGE, "wrong usage: '%s --help' lists the options", words[0]);
            return false;
        }
        if (strcmp(rows[which].name, "set") != 0)
            arguments->options[which - 1] = optarg != NULL ? optarg : "";
        else if (arguments->setting_count < COMMAND_MAX_SETTINGS)
            arguments->settings[arguments->setting_count++] = optarg;
        else {
            complain(EXIT_USAGE, "at most %d --set are taken: put them into a scenario file",
                     COMMAND_MAX_SETTINGS);
            return false;
        }
    }
    arguments->words = words + optind;
    arguments->word_count = (size_t)(count - optind);
    if (arguments->word_count >= command->least_words &&
        arguments->word_count <= command->most_words)
        return true;
    complain(EXIT_USAGE, "usage: cashpoint %s %s ('cashpoint %s --help' explains)", command->name,
             command->takes, command->name);
    return false;
}

static enum exit_code run_command(const struct command *command, int count, char **words)
{
    struct arguments arguments = {0};
    enum exit_code code;
    char name[64];
    int rank, size;
    ranks_started(&rank, &size);
    if (rank > 0 && command == &command_run)
        hush();
    snprintf(name, sizeof name, "cashpoint %s", command->name);
    words[0] = name; /* what getopt prints before its errors */
    code = EXIT_DONE;
    if (!parse(command, count, words, &arguments, &code))
        return code;
    return command->run(&arguments);
}

static enum exit_code choose(int count, char **words)
{
    const char *word = count > 1 ? words[1] : "";
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    if (strcmp(word, "--version") == 0) {
        puts("cashpoint " CASHPOINT_VERSION " (" CASHPOINT_COMMIT ", " CASHPOINT_COMPILER
             ", " CASHPOINT_BUILD ")");
        return EXIT_DONE;
    }
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, word) == 0)
            return run_command(commands[i], count - 1, words + 1);
    if (count > 1)
        complain(EXIT_USAGE, "there is no command '%s'", word);
    print_usage(stderr);
    return EXIT_USAGE;
}

int main(int count, char **words)
{
    gsl_set_error_handler_off();
    signal(SIGXFSZ, SIG_IGN); /* a file that may grow no more is a write that fails, and is said */
    enum exit_code code = choose(count, words);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return (int)code;
    return (int)complain(EXIT_FAILED, "standard output: %s", strerror(errno));
}
