/* The records of an experiment: every byte of them, and the fingerprint over them. */
#include "output/records_write.h"

#include "tests/chance.h"
#include "tests/summary_sample.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path);
}

static int folder_make(void **state)
{
    char *path = strdup("/tmp/cashpoint-records-XXXXXX");
    *state = path;
    return path != NULL && mkdtemp(path) != NULL ? 0 : -1;
}

static int folder_drop(void **state)
{
    int removed = nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return removed;
}

/* Two replications of both schemes, with something in every kind of cell. */
static void sample_init(struct experiment *experiment)
{
    experiment_init(experiment, &tables, BOTH, 2);
    fill(experiment, OLD, &(struct counts){PAID, {10, 12}, {0}});
    fill(experiment, NEW, &(struct counts){PAID, {11, 14}, {0}});
    fill(experiment, OLD, &(struct counts){REFUSED, {0, 0}, {10, 10}});
    fill(experiment, NEW, &(struct counts){REFUSED, {1, 2}, {3, 3}});
    fill(experiment, OLD, &(struct counts){LOSS, {0, 100}, {0, 400}});
    for (size_t i = 0; i < experiment->count; i++) {
        struct unit_result *unit = experiment->units[i];
        unit_time(unit, WAIT, (simtime)(i + 1) * 100);
        unit_curve(unit, BY_HOUR, 13.0, 2.0, (double)i);
        unit->fingerprint = 1000 + i;
        histogram_add(&unit->stages[DECODE], 50 + (int64_t)i);
    }
}

/* Writes the experiment's records and gives the fingerprint. */
static uint64_t write_records(const char *path, const struct experiment *experiment)
{
    struct folder folder;
    struct summary summary;
    struct error error = {{0}};
    uint64_t fingerprint = 0;
    assert_true(folder_open(&folder, path, &error));
    summary_make(&summary, experiment);
    if (!records_write(&folder, experiment, &summary, &fingerprint, &error))
        fail_msg("%s", error.text);
    summary_free(&summary);
    folder_close(&folder);
    return fingerprint;
}

static void assert_file(const char *path, const char *name, const char *expected)
{
    struct folder folder;
    struct file_bytes bytes;
    struct error error = {{0}};
    assert_true(folder_open(&folder, path, &error));
    assert_true(folder_read(&folder, name, 100000, &bytes, &error));
    assert_string_equal((const char *)bytes.data, expected);
    free(bytes.data);
    folder_close(&folder);
}

static const char expected_replications[] =
    "scheme,replication,metric,unit,kind,numerator,denominator,value,p50,p95,p99\n"
    "old,0,paid,1,count,10,,10,,,\n"
    "old,0,refused,1,ratio,0,10,0,,,\n"
    "old,0,thefts,per 1000 withdrawals,rate,0,0,,,,\n"
    "old,0,loss,CNY per 1000 withdrawals,rate,0,0,,,,\n"
    "old,0,wait,s,time,1e-07,1,1e-07,1e-07,1e-07,1e-07\n"
    "new,0,paid,1,count,11,,11,,,\n"
    "new,0,refused,1,ratio,1,3,0.3333333333,,,\n"
    "new,0,thefts,per 1000 withdrawals,rate,0,0,,,,\n"
    "new,0,loss,CNY per 1000 withdrawals,rate,0,0,,,,\n"
    "new,0,wait,s,time,2e-07,1,2e-07,2e-07,2e-07,2e-07\n"
    "old,1,paid,1,count,12,,12,,,\n"
    "old,1,refused,1,ratio,0,10,0,,,\n"
    "old,1,thefts,per 1000 withdrawals,rate,0,0,,,,\n"
    "old,1,loss,CNY per 1000 withdrawals,rate,100,400,250,,,\n"
    "old,1,wait,s,time,3e-07,1,3e-07,3.005e-07,3.005e-07,3.005e-07\n"
    "new,1,paid,1,count,14,,14,,,\n"
    "new,1,refused,1,ratio,2,3,0.6666666667,,,\n"
    "new,1,thefts,per 1000 withdrawals,rate,0,0,,,,\n"
    "new,1,loss,CNY per 1000 withdrawals,rate,0,0,,,,\n"
    "new,1,wait,s,time,4e-07,1,4e-07,4.005e-07,4.005e-07,4.005e-07\n";

/* t(0.975, 1) = 12.7062047361747; one replication alone has no interval, and its cells are empty.
 */
static const char expected_summary[] =
    "scheme,metric,unit,kind,n,mean,ci_lo,ci_hi,method,gain,p50,p90,p95,p99,p999,p9999\n"
    "old,paid,1,count,2,11,0,23.70620474,t,,,,,,,\n"
    "old,refused,1,ratio,2,0,0,0.168433471,clopper-pearson,,,,,,,\n"
    "old,thefts,per 1000 withdrawals,rate,0,,,,none,,,,,,,\n"
    "old,loss,CNY per 1000 withdrawals,rate,1,250,,,none,,,,,,,\n"
    "old,wait,s,time,2,2e-07,0,1.470620474e-06,t,,,,,,,\n"
    "new,paid,1,count,2,12.5,0,31.5593071,t,,,,,,,\n"
    "new,refused,1,ratio,2,0.5,0,1,t,,,,,,,\n"
    "new,thefts,per 1000 withdrawals,rate,0,,,,none,,,,,,,\n"
    "new,loss,CNY per 1000 withdrawals,rate,0,,,,none,,,,,,,\n"
    "new,wait,s,time,2,3e-07,0,1.570620474e-06,t,,,,,,,\n"
    "difference,paid,1,count,2,1.5,-4.853102368,7.853102368,t,13,,,,,,\n"
    "difference,refused,1,ratio,2,0.5,-1.617700789,2.617700789,t,1,,,,,,\n"
    "difference,thefts,per 1000 withdrawals,rate,0,,,,none,,,,,,,\n"
    "difference,loss,CNY per 1000 withdrawals,rate,0,,,,none,,,,,,,\n"
    "difference,wait,s,time,2,1e-07,,,none,,,,,,,\n";

static const char expected_curves[] = "curve,scheme,replication,bin,x_lo,x_hi,x_unit,n,sum\n"
                                      "by-hour,old,0,0,0,12,h,0,0\n"
                                      "by-hour,old,0,1,12,24,h,2,0\n"
                                      "by-hour,new,0,0,0,12,h,0,0\n"
                                      "by-hour,new,0,1,12,24,h,2,1\n"
                                      "by-hour,old,1,0,0,12,h,0,0\n"
                                      "by-hour,old,1,1,12,24,h,2,2\n"
                                      "by-hour,new,1,0,0,12,h,0,0\n"
                                      "by-hour,new,1,1,12,24,h,2,3\n"
                                      "by-range,old,0,0,50,150,mm,0,0\n"
                                      "by-range,old,0,1,150,250,mm,0,0\n"
                                      "by-range,old,0,2,250,350,mm,0,0\n"
                                      "by-range,new,0,0,50,150,mm,0,0\n"
                                      "by-range,new,0,1,150,250,mm,0,0\n"
                                      "by-range,new,0,2,250,350,mm,0,0\n"
                                      "by-range,old,1,0,50,150,mm,0,0\n"
                                      "by-range,old,1,1,150,250,mm,0,0\n"
                                      "by-range,old,1,2,250,350,mm,0,0\n"
                                      "by-range,new,1,0,50,150,mm,0,0\n"
                                      "by-range,new,1,1,150,250,mm,0,0\n"
                                      "by-range,new,1,2,250,350,mm,0,0\n";

static const char expected_timings[] = "scheme,stage,n,mean_ns,p50_ns,p99_ns,total_s\n"
                                       "old,decode,2,51,50,52,1.02e-07\n"
                                       "new,decode,2,52,51,53,1.04e-07\n";

static void test_records(void **state)
{
    const char *path = *state;
    struct experiment experiment;
    sample_init(&experiment);
    uint64_t fingerprint = write_records(path, &experiment);
    experiment_fini(&experiment);
    assert_file(path, "replications.csv", expected_replications);
    assert_file(path, "summary.csv", expected_summary);
    assert_file(path, "curves.csv", expected_curves);
    assert_file(path, "timings.csv", expected_timings);
    char text[32];
    (void)snprintf(text, sizeof text, "%016llx\n", (unsigned long long)fingerprint);
    assert_file(path, "fingerprint.txt", text);
}

/* Ten times of 1 s, then ninety of 2 s; in two replications. */
static void test_steady(void **state)
{
    const char *path = *state;
    static const bool old_wait[SCHEMES * MEASURES] = {[WAIT] = true};
    struct model_tables kept = tables;
    struct experiment experiment;
    kept.steady = old_wait;
    experiment_init(&experiment, &kept, OLD_ONLY, 2);
    for (int i = 0; i < 200; i++)
        unit_time(experiment.units[i % 2], WAIT, (i < 20 ? 1 : 2) * SIMTIME_SECOND);
    (void)write_records(path, &experiment);
    experiment_fini(&experiment);
    assert_file(path, "steady.csv",
                "scheme,metric,n,observations,deleted,warmup,batches,correlation,skewness,doubts\n"
                "old,wait,2,200,10,found,,0,0,\n");
    char expected[2000] = "scheme,metric,from,to,mean\n";
    for (int i = 0; i < 20; i++) {
        size_t end = strlen(expected);
        (void)snprintf(expected + end, sizeof expected - end, "old,wait,%d,%d,%d\n", 5 * i,
                       5 * i + 5, i < 2 ? 1 : 2);
    }
    assert_file(path, "warmup.csv", expected);
    experiment_init(&experiment, &kept, OLD_ONLY, 2); /* one too short, the other empty */
    for (int i = 0; i < 30; i++)
        unit_time(experiment.units[0], WAIT, i * SIMTIME_SECOND);
    (void)write_records(path, &experiment);
    experiment_fini(&experiment);
    assert_file(path, "steady.csv",
                "scheme,metric,n,observations,deleted,warmup,batches,correlation,skewness,doubts\n"
                "old,wait,1,30,0,short,0,0,,short few-batches\n");
}

static void test_summary_json(void **state)
{
    const char *path = *state;
    static const struct measure two[] = {
        {"a\"b", "1", "", MEASURE_COUNT, 1.0, false},
        {"none\n", "back\\slash", "", MEASURE_RATE, 1.0, false},
    };
    static const struct model_tables small = {two, NULL, schemes, NULL, 2, 0, SCHEMES, 0, NULL};
    struct experiment experiment;
    experiment_init(&experiment, &small, BOTH, 1);
    unit_count(experiment.units[0], 0, 2.5);
    (void)write_records(path, &experiment);
    experiment_fini(&experiment);
    assert_file(path, "summary.json",
                "{\n  \"old\": {\n"
                "    \"a\\\"b\": {\"unit\": \"1\", \"n\": 1, \"mean\": 2.5, \"ci95\": [null, "
                "null], \"method\": \"none\"},\n"
                "    \"none\\u000a\": {\"unit\": \"back\\\\slash\", \"n\": 0, \"mean\": null, "
                "\"ci95\": [null, null], \"method\": \"none\"}\n"
                "  },\n  \"new\": {\n"
                "    \"a\\\"b\": {\"unit\": \"1\", \"n\": 1, \"mean\": 0, \"ci95\": [null, "
                "null], \"method\": \"none\"},\n"
                "    \"none\\u000a\": {\"unit\": \"back\\\\slash\", \"n\": 0, \"mean\": null, "
                "\"ci95\": [null, null], \"method\": \"none\"}\n"
                "  },\n  \"difference\": {\n"
                "    \"a\\\"b\": {\"unit\": \"1\", \"n\": 1, \"mean\": -2.5, \"ci95\": [null, "
                "null], \"method\": \"none\"},\n"
                "    \"none\\u000a\": {\"unit\": \"back\\\\slash\", \"n\": 0, \"mean\": null, "
                "\"ci95\": [null, null], \"method\": \"none\"}\n"
                "  }\n}\n");
}

/* One change of a unit, by number; false where there is no such change. */
static bool change(struct experiment *experiment, unsigned number)
{
    struct unit_result *unit = experiment->units[number % experiment->count];
    switch (number / experiment->count) {
    case 0:
        unit_count(unit, PAID, 1.0);
        return true;
    case 1:
        unit->denominator[REFUSED] += 1.0;
        return true;
    case 2:
        histogram_add(unit->times[WAIT], 5000); /* a percentile alone */
        return true;
    case 3:
        unit->cells[BY_HOUR][0].n += 1.0;
        return true;
    case 4:
        unit->cells[BY_RANGE][2].sum += 1.0;
        return true;
    case 5:
        unit->fingerprint ^= UINT64_C(1) << 63;
        return true;
    default:
        return false;
    }
}

static void test_fingerprint_sees_every_change(void **state)
{
    const char *path = *state;
    struct experiment experiment;
    uint64_t seen[64] = {0};
    unsigned count = 0;
    sample_init(&experiment);
    seen[count++] = write_records(path, &experiment);
    experiment_fini(&experiment);
    for (unsigned number = 0;; number++) {
        sample_init(&experiment);
        bool changed = change(&experiment, number);
        if (changed)
            seen[count] = write_records(path, &experiment);
        experiment_fini(&experiment);
        if (!changed)
            break;
        for (unsigned i = 0; i < count; i++)
            if (seen[i] == seen[count])
                fail_msg("change %u leaves the fingerprint of %u", number, i);
        count++;
    }
    assert_int_equal(count, 1 + 6 * 4);
}

static void test_fingerprint_ignores_measured_time(void **state)
{
    const char *path = *state;
    struct experiment experiment;
    sample_init(&experiment);
    uint64_t before = write_records(path, &experiment);
    assert_true(write_records(path, &experiment) == before);
    histogram_add(&experiment.units[2]->stages[DECODE], 123456);
    assert_true(write_records(path, &experiment) == before);
    experiment_fini(&experiment);
}

static void test_a_folder_that_cannot_be_written(void **state)
{
    const char *path = *state;
    static const char *const names[] = {"replications.csv", "summary.csv", "curves.csv",
                                        "summary.json",     "timings.csv", "fingerprint.txt"};
    struct experiment experiment;
    struct summary summary;
    struct folder folder, block;
    sample_init(&experiment);
    summary_make(&summary, &experiment);
    assert_true(folder_open(&folder, path, NULL));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct error error = {{0}};
        uint64_t fingerprint;
        char full[600];
        assert_true(folder_enter(&block, &folder, names[i], true, NULL)); /* stands in the way */
        folder_close(&block);
        assert_false(records_write(&folder, &experiment, &summary, &fingerprint, &error));
        assert_non_null(strstr(error.text, names[i]));
        (void)snprintf(full, sizeof full, "%s/%s", path, names[i]);
        assert_int_equal(rmdir(full), 0);
    }
    folder_close(&folder);
    summary_free(&summary);
    experiment_fini(&experiment);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_records),
        IN_FOLDER(test_summary_json),
        IN_FOLDER(test_steady),
        IN_FOLDER(test_fingerprint_sees_every_change),
        IN_FOLDER(test_fingerprint_ignores_measured_time),
        IN_FOLDER(test_a_folder_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
