/* The story of a unit: told whole, the same for any jobs, and never a part of what is told of. */
#include "story.h"
#include "tests/units.h"

static const struct trace_filter everything = {.to = SIMTIME_NEVER};

struct told {
    struct outcome outcome;
    char *text; /* owned */
    size_t lines;
};

static struct told tell(const struct settings *settings, enum scheme scheme, int jobs,
                        const struct trace_filter *filter)
{
    struct told told = {.text = NULL};
    struct trace trace = {.filter = *filter};
    size_t length;
    struct error error;
    trace.file = open_memstream(&told.text, &length);
    assert_non_null(trace.file);
    struct world_watch watch = {.trace = &trace};
    told.outcome = watch_unit(settings, scheme, jobs, &watch);
    assert_int_equal(told.outcome.end, WORLD_DONE);
    told.lines = trace.lines;
    assert_true(trace_close(&trace, &error));
    return told;
}

static void forget(struct told *told)
{
    unit_result_free(told->outcome.result);
    free(told->text);
}

/* Lines in which a text stands, itself between blanks or ends of line, or as the start of a word.
 */
static double count(const struct told *told, const char *first, const char *second)
{
    double lines = 0.0;
    for (const char *line = told->text; *line != '\0'; line = strchr(line, '\n') + 1) {
        char copy[TRACE_TEXT_BYTES * 2];
        snprintf(copy, sizeof copy, "%.*s ", (int)strcspn(line, "\n"), line);
        lines += strstr(copy, first) != NULL && (second == NULL || strstr(copy, second) != NULL);
    }
    return lines;
}

/* The measures counted all that happened: so must the story have told it. */
static void test_whole(void **state)
{
    struct settings settings = small_world();
    (void)state;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct told told = tell(&settings, (enum scheme)scheme, 2, &everything);
        const double *n = told.outcome.result->numerator;
        double pictures = n[M_PRESENTATIONS] + count(&told, " photograph ", NULL);
        assert_true(count(&told, " event=", NULL) == n[M_EVENTS]);
        assert_true(count(&told, " dispensed customer:", NULL) == n[M_PAID]);
        assert_true(count(&told, " dispensed attack:", NULL) == n[M_THEFTS] && n[M_THEFTS] > 0.0);
        assert_true(count(&told, " attack attack:", NULL) == n[M_ATTACKS]);
        assert_true(count(&told, " reserved ", NULL) +
                        count(&told, " reservation-refused ", NULL) ==
                    n[M_RESERVATIONS]);
        assert_true(count(&told, " no-show ", NULL) == n[M_OUTCOME_NO_SHOW]);
        assert_true(count(&told, " leave ", " outcome=paid ") == n[M_OUTCOME_PAID]);
        assert_true(count(&told, " leave ", " outcome=already-used ") ==
                    n[measure_refused(REASON_USED)]);
        assert_true(count(&told, " capture ", " capture:") == pictures);
        assert_true(count(&told, " capture:1 ", NULL) == (pictures > 0.0));
        assert_true(count(&told, " expired reservation:", " customer:") > 0.0);
        forget(&told);
    }
}

/* A world in which lines are long, people leave them, machines fail, and a counter waits. */
static struct settings crowded_world(void)
{
    struct settings settings = small_world();
    settings.terminals.per_site = 2;
    settings.terminals.queue = QUEUE_RESERVED_FIRST;
    settings.terminals.card_customers = 30.0 / 3600.0;
    settings.terminals.failures = 1.0 / 3600.0;
    settings.terminals.repair = distribution_constant(900.0);
    settings.terminals.counter_share = 0.5;
    settings.terminals.counter_session = distribution_constant(200.0);
    settings.terminals.card_patience = settings.customers.patience = distribution_constant(60.0);
    settings.customers.reservations = 20.0 / 86400.0;
    return settings;
}

static void test_lines_and_failures(void **state)
{
    struct settings settings = crowded_world();
    (void)state;
    struct told told = tell(&settings, SCHEME_SMS_CODE, 1, &everything);
    const double *n = told.outcome.result->numerator;
    const double *of = told.outcome.result->denominator;
    assert_true(count(&told, " renege customer:", NULL) == n[M_OUTCOME_RENEGED]);
    assert_true(count(&told, " leave ", " outcome=reneged ") == n[M_OUTCOME_RENEGED]);
    assert_true(n[M_OUTCOME_RENEGED] > 0.0 && n[M_CARD_RENEGED] > 0.0);
    assert_true(count(&told, " card-renege site:", " arrival=") == n[M_CARD_RENEGED]);
    assert_true(count(&told, " card-queue ", " queue_length=") == n[M_CARD_WAITED]);
    assert_true(count(&told, " card-lost ", NULL) == n[M_CARD_LOST]);
    assert_true(count(&told, " card-arrive ", NULL) == of[M_CARD_LOST]);
    assert_true(count(&told, " card-granted ", NULL) == of[M_CARD_WAIT]);
    assert_true(count(&told, " counter-granted ", NULL) == of[M_COUNTER_WAIT]);
    assert_true(count(&told, " counter-queue ", NULL) > 0.0);
    assert_true(count(&told, " fail atm:", NULL) > 0.0);
    assert_true(count(&told, " repair atm:", NULL) > 0.0);
    assert_true(count(&told, " down ", NULL) >= count(&told, " repair ", NULL));
    assert_true(count(&told, " down ", NULL) <= count(&told, " fail ", NULL));
    assert_true(count(&told, " event=", NULL) == n[M_EVENTS]);
    forget(&told);
}

static void test_changes_nothing(void **state)
{
    struct settings settings = small_world();
    (void)state;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome plain = run_unit(&settings, (enum scheme)scheme, 1, BANK_SOUND);
        struct told one = tell(&settings, (enum scheme)scheme, 1, &everything);
        struct told more = tell(&settings, (enum scheme)scheme, 3, &everything);
        assert_same_units(plain.result, one.outcome.result);
        assert_same_units(plain.result, more.outcome.result);
        assert_string_equal(one.text, more.text);
        unit_result_free(plain.result);
        forget(&one);
        forget(&more);
    }
}

/* The first KIND:NUMBER of that kind in the text. */
static void find_one(const struct told *told, const char *kind, char *who, size_t room)
{
    char start[32];
    snprintf(start, sizeof start, " %s:", kind);
    const char *at = strstr(told->text, start);
    assert_non_null(at);
    snprintf(who, room, "%.*s", (int)strcspn(at + 1, " \n"), at + 1);
}

/* A filter lets through exactly the lines that name the one it is about, in a window of time: what
 * grep would find. Times sort as text. */
static void test_filters(void **state)
{
    static const char *const kinds[] = {"customer", "atm",         "site",    "thief",
                                        "attack",   "reservation", "capture", "bank"};
    struct settings settings = small_world();
    (void)state;
    struct told all = tell(&settings, SCHEME_IMAGE_CODE, 2, &everything);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct trace_filter filter = {.to = SIMTIME_NEVER};
        struct error error;
        char who[32], word[40];
        find_one(&all, kinds[i], who, sizeof who);
        snprintf(word, sizeof word, " %s ", who);
        assert_true(story_parse_entity(who, &settings, &filter.only, &error));
        struct told some = tell(&settings, SCHEME_IMAGE_CODE, 1, &filter);
        assert_true(some.lines > 0);
        assert_true((double)some.lines == count(&all, word, NULL));
        assert_true((double)some.lines == count(&some, word, NULL));
        forget(&some);
    }
    struct trace_filter hour = {.from = SIMTIME_HOUR, .to = 2 * SIMTIME_HOUR};
    struct told window = tell(&settings, SCHEME_IMAGE_CODE, 1, &hour);
    assert_true(window.lines > 0 && window.lines < all.lines);
    assert_true(strncmp(window.text, "0000003600", 10) >= 0);
    const char *last = strrchr(window.text, '\n'); /* the end of the last line */
    for (assert_non_null(last); last > window.text && last[-1] != '\n';)
        last--;
    assert_true(strncmp(last, "0000007200.000000000 ", 21) <= 0);
    forget(&window);
    forget(&all);
}

static void test_who_there_is(void **state)
{
    static const char *const nobody[] = {"customer:60", "atm:6", "site:6", "thief:8", "bank:1"};
    struct settings settings = small_world();
    struct trace_entity entity;
    struct error error;
    (void)state;
    for (size_t i = 0; i < sizeof nobody / sizeof nobody[0]; i++) {
        assert_false(story_parse_entity(nobody[i], &settings, &entity, &error));
        assert_non_null(strstr(error.text, nobody[i]));
        assert_non_null(strstr(error.text, "this scenario has"));
    }
    settings.attacks.watchers = settings.attacks.photographers = 0;
    assert_false(story_parse_entity("thief:0", &settings, &entity, &error));
    assert_non_null(strstr(error.text, "has no thief"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole), cmocka_unit_test(test_lines_and_failures),
        cmocka_unit_test(test_changes_nothing), cmocka_unit_test(test_filters),
        cmocka_unit_test(test_who_there_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
