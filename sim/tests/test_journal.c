/* The journal: a unit survives to the last bit, and every damage is found. */
#include "asserts.h"
#include "experiment/journal.h"
#include "experiment/unit_text.h"
#include "open_design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAID, SHARE, WAIT, MEASURES };

static const struct measure measures[MEASURES] = {
    [PAID] = {"paid", "1", "", MEASURE_COUNT, 1, false},
    [SHARE] = {"share", "1", "", MEASURE_RATIO, 1, true},
    [WAIT] = {"wait", "s", "", MEASURE_TIME, 1, false},
};
static const struct curve curves[] = {{"hours", "h", 3, 0, 24}};
static const char *const schemes[] = {"one", "two", NULL};
static const char *const stages[] = {"work", NULL};
/* Of the second scheme, the times are kept in their order, too. */
static const bool steady[2 * MEASURES] = {[MEASURES + WAIT] = true};
static const struct model_tables tables = {measures, curves, schemes, stages, MEASURES,
                                           1,        2,      1,       steady};
static const struct journal_identity identity = {"town", "0.1-abc", 77};

enum { REPLICATIONS = 2, UNITS = 2 * POINTS * REPLICATIONS };

static void fill(struct unit_result *unit, unsigned salt)
{
    unit_count(unit, PAID, 1.0 / 3.0 + salt);
    unit_ratio(unit, SHARE, salt, 1e300);
    for (unsigned i = 0; i < 50; i++)
        unit_time(unit, WAIT, (simtime)(i * i * i) * 1000003 * (salt + 1));
    unit_curve(unit, 0, salt % 24, 1.0, -0.1);
    histogram_add(&unit->stages[0], 123456 + salt);
    unit->fingerprint = UINT64_C(0xfedcba9876543210) + salt;
    unit->extra = malloc(5);
    assert_non_null(unit->extra);
    memcpy(unit->extra, "a\0\n#z", 5);
    unit->extra_bytes = salt % 2 == 0 ? 5 : 0;
}

static void assert_equal(const struct unit_result *a, const struct unit_result *b)
{
    assert_int_equal(a->fingerprint, b->fingerprint);
    assert_memory_equal(a->numerator, b->numerator, MEASURES * sizeof(double));
    assert_memory_equal(a->denominator, b->denominator, MEASURES * sizeof(double));
    assert_memory_equal(a->times[WAIT], b->times[WAIT], sizeof(struct histogram));
    assert_true((a->series[WAIT] == NULL) == (a->scheme == 0));
    if (a->series[WAIT] != NULL)
        assert_memory_equal(a->series[WAIT], b->series[WAIT], sizeof(struct series));
    assert_memory_equal(a->cells[0], b->cells[0], 3 * sizeof(struct curve_cell));
    assert_memory_equal(a->stages, b->stages, sizeof(struct histogram));
    assert_int_equal(a->extra_bytes, b->extra_bytes);
    assert_memory_equal(a->extra_bytes > 0 ? a->extra : "", b->extra_bytes > 0 ? b->extra : "",
                        a->extra_bytes);
}

static char path[] = "/tmp/cashpoint-journal-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int descriptor = mkstemp(path);
    return descriptor < 0 || close(descriptor) != 0 || unlink(path) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

/* Writes the first `count` units of a fresh design. */
static void write_units(struct design *design, size_t count)
{
    struct journal journal;
    struct error error;
    open_design(design, &tables, 3, REPLICATIONS);
    assert_int_equal(design->count, UNITS);
    assert_true(journal_create(&journal, path, &identity, &error));
    for (size_t i = 0; i < count; i++) {
        fill(design->units[i], (unsigned)i);
        assert_true(journal_append(&journal, design->units[i], &error));
    }
    journal_close(&journal);
}

static size_t resume(struct design *design)
{
    struct journal journal;
    struct error error;
    open_design(design, &tables, 3, REPLICATIONS);
    assert_true(journal_resume(&journal, path, &identity, design, &error));
    journal_close(&journal);
    return design->done;
}

static void test_survives(void **state)
{
    struct design written, read;
    (void)state;
    write_units(&written, UNITS);
    assert_int_equal(resume(&read), UNITS);
    for (size_t i = 0; i < UNITS; i++)
        assert_equal(written.units[i], read.units[i]);
    design_fini(&written);
    design_fini(&read);
}

static char *slurp(size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = malloc(1 << 20);
    assert_non_null(bytes);
    *length = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void spit(const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

/* Every byte that is changed, and every cut within a line, is found, and its line named. */
static void test_check(void **state)
{
    struct design written;
    struct error error;
    size_t length;
    char wanted[64];
    (void)state;
    write_units(&written, 2);
    assert_true(journal_check(path, &error));
    char *bytes = slurp(&length);
    for (size_t at = 0, line = 1; at < length; line += bytes[at++] == '\n') {
        if (at % 7 != 0 && bytes[at] != '\n')
            continue;
        bytes[at] ^= 1;
        spit(bytes, length);
        bytes[at] ^= 1;
        snprintf(wanted, sizeof wanted, "%s:%zu: ", path, line);
        assert_false(journal_check(path, &error));
        assert_int_equal(strncmp(error.text, wanted, strlen(wanted)), 0);
        spit(bytes, at);
        assert_int_equal(journal_check(path, &error), at == 0 || bytes[at - 1] == '\n');
    }
    free(bytes);
    design_fini(&written);
}

/* Cut anywhere: what is whole is kept, the rest is cut off, and appending goes on from there. */
static void test_cut_anywhere(void **state)
{
    struct design written;
    size_t length;
    (void)state;
    write_units(&written, 3);
    char *bytes = slurp(&length);
    size_t header = (size_t)(strchr(bytes, '\n') - bytes) + 1;
    for (size_t cut = header; cut <= length; cut += 1 + cut % 13) {
        struct design read;
        struct journal journal;
        struct error error;
        spit(bytes, cut);
        size_t lines = 0;
        for (size_t i = header; i < cut; i++)
            lines += bytes[i] == '\n';
        open_design(&read, &tables, 3, REPLICATIONS);
        assert_true(journal_resume(&journal, path, &identity, &read, &error));
        assert_int_equal(read.done, lines);
        for (size_t i = 0; i < UNITS; i++)
            assert_int_equal(read.units[i]->done, i < lines);
        for (size_t i = lines; i < 3; i++)
            assert_true(journal_append(&journal, written.units[i], &error));
        journal_close(&journal);
        design_fini(&read);
        size_t again_length;
        char *again = slurp(&again_length);
        assert_int_equal(again_length, length);
        assert_memory_equal(again, bytes, length);
        free(again);
    }
    free(bytes);
    design_fini(&written);
}

/* One flipped bit anywhere behind the first line costs at most the units from there on. */
static void test_flipped_bits(void **state)
{
    struct design written;
    size_t length;
    (void)state;
    write_units(&written, 3);
    char *bytes = slurp(&length);
    size_t header = (size_t)(strchr(bytes, '\n') - bytes) + 1;
    for (size_t at = header; at < length; at += 7) {
        struct design read;
        bytes[at] = (char)(bytes[at] ^ 1 << at % 8);
        spit(bytes, length);
        resume(&read);
        assert_true(read.done < 3);
        for (size_t i = 0; i < read.done; i++)
            assert_equal(written.units[i], read.units[i]);
        bytes[at] = (char)(bytes[at] ^ 1 << at % 8);
        design_fini(&read);
    }
    free(bytes);
    design_fini(&written);
}

static void test_not_ours(void **state)
{
    struct design written, read;
    struct journal journal;
    struct error error;
    (void)state;
    write_units(&written, 2);
    struct journal_identity other = identity;
    open_design(&read, &tables, 3, REPLICATIONS);
    other.scenario_hash++;
    assert_false(journal_resume(&journal, path, &other, &read, &error));
    assert_non_null(strstr(error.text, "another scenario"));
    other = identity;
    strcpy(other.build, "0.2-def");
    assert_false(journal_resume(&journal, path, &other, &read, &error));
    assert_non_null(strstr(error.text, "0.2-def"));
    assert_false(
        journal_create(&journal, path, &identity, &error)); /* never over one that is there */
    assert_true(journal_identify(path, &other, &error));
    assert_string_equal(other.scenario, "town");
    spit("", 0);
    assert_false(journal_identify(path, &other, &error));
    design_fini(&written);
    design_fini(&read);
}

/* A whole line of another model: its checksum is right, its fields do not fit. */
static void test_other_tables(void **state)
{
    static const struct model_tables more = {measures, curves, schemes, stages, MEASURES,
                                             0,        2,      1,       steady};
    struct design written, read;
    struct journal journal;
    struct error error;
    (void)state;
    write_units(&written, 2);
    open_design(&read, &more, 3, REPLICATIONS);
    assert_true(journal_resume(&journal, path, &identity, &read, &error));
    assert_int_equal(read.done, 0);
    for (size_t i = 0; i < UNITS; i++)
        assert_true(read.units[i]->numerator[PAID] == 0.0);
    journal_close(&journal);
    design_fini(&written);
    design_fini(&read);
}

/* The text of a unit whose series has `count` observations; in `at`, where its series begins. */
static char *series_text(struct unit_result *unit, int count, char **at)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    assert_non_null(memory);
    for (int i = 0; i < count; i++)
        series_add(unit->series[WAIT], 0.1 * i);
    unit_text_write(unit, memory);
    assert_int_equal(fclose(memory), 0);
    *at =
        strchr(text + 5, ' '); /* point, scheme, replication, fingerprint; four numbers of others */
    for (int field = 0; field < 3 + 4 + 2 + 2; field++)
        *at = strchr(*at + 1, ' ');
    return text;
}

static void test_long_series(void **state)
{
    (void)state;
    struct unit_result *unit = unit_result_new(&tables, 1, 0);
    struct unit_result *read = unit_result_new(&tables, 1, 0);
    char *at, *text = series_text(unit, 100001, &at);
    assert_memory_equal(at, " 6 1562 33 ", 11); /* 1,562 times 64, and 33 */
    assert_true(unit_text_read(read, text));
    assert_memory_equal(unit->series[WAIT], read->series[WAIT], sizeof(struct series));
    free(text);
    unit_result_free(unit);
    unit_result_free(read);
}

/* What no series can be is refused; the same length of text, so that nothing else moves. */
static void test_false_series(void **state)
{
    static const char *const heads[] = {" 6 1562 64 ", " 6 2048 33 ", " 6 0999 33 ",
                                        " 51 562 33 ", " -1 562 33 ", " 6 1561 33 ",
                                        " 6 1563 33 ", " 6 x562 33 ", " 6 1562 -1 "};
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct unit_result *unit = unit_result_new(&tables, 1, 0);
        struct unit_result *read = unit_result_new(&tables, 1, 0);
        char *at, *text = series_text(unit, 100001, &at);
        memcpy(at, heads[i], strlen(heads[i]));
        assert_false(unit_text_read(read, text));
        free(text);
        unit_result_free(unit);
        unit_result_free(read);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {TEST(test_survives),
                                       TEST(test_cut_anywhere),
                                       TEST(test_flipped_bits),
                                       TEST(test_not_ours),
                                       TEST(test_other_tables),
                                       TEST(test_check),
                                       cmocka_unit_test(test_long_series),
                                       cmocka_unit_test(test_false_series)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
