/* The report of a whole run: all files made, nothing of a hostile folder let through. */
#include "output/report.h"

#include "report_fixture.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char run[512]; /* the folder of the test that runs */

static const char *const plots[] = {
    "security",          "photographer", "withdrawals",     "queue-wait",
    "wait-distribution", "outcomes",     "decode-distance", "decode-defocus",
    "decode-module",     "stages",       "warmup"};

enum { PLOT_COUNT = sizeof plots / sizeof *plots };

static int make_run(void **state)
{
    (void)state;
    const char *root = getenv("TMPDIR");
    (void)snprintf(run, sizeof run, "%s/cashpoint-report-XXXXXX", root ? root : "/tmp");
    assert_non_null(mkdtemp(run));
    fixture_make(run);
    return 0;
}

static int remove_run(void **state)
{
    (void)state;
    char command[600];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", run);
    return system(command);
}

static char *read_text(const char *name)
{
    char path[700];
    (void)snprintf(path, sizeof path, "%s/%s", run, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, size, file), size);
    text[size] = '\0';
    fclose(file);
    return text;
}

static bool has_file(const char *name, const char *extension)
{
    char path[800];
    (void)snprintf(path, sizeof path, "%s/plots/%s%s", run, name, extension);
    return access(path, R_OK) == 0;
}

static void replace_line(const char *name, const char *from, const char *to)
{
    char *text = read_text(name);
    assert_non_null(text);
    char *found = strstr(text, from);
    assert_non_null(found);
    char path[700];
    (void)snprintf(path, sizeof path, "%s/%s", run, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fprintf(file, "%.*s%s%s", (int)(found - text), text, to, found + strlen(from));
    fclose(file);
    free(text);
}

static void assert_fails(const char *where, const char *why)
{
    struct error error = {{0}};
    assert_int_equal(report_make(run, &error), REPORT_FAILED);
    if (!strstr(error.text, where) || !strstr(error.text, why))
        fail_msg("\"%s\" lacks \"%s\" or \"%s\"", error.text, where, why);
}

/* Where gnuplot is not installed, all but the pictures is tested. */
static enum report_outcome make_report(void)
{
    struct error error = {{0}};
    enum report_outcome outcome = report_make(run, &error);
    if (outcome == REPORT_FAILED)
        fail_msg("%s", error.text);
    return outcome;
}

static void assert_no_duplicate_ids(const char *html)
{
    static const char *const keys[] = {" id=\"", " id='"};
    size_t seen = 0;
    for (size_t k = 0; k < 2; k++)
        for (const char *at = html; (at = strstr(at, keys[k])); at++, seen++) {
            size_t length = strcspn(at + 5, "\"'") + 5;
            char one[128], other[128];
            assert_true(length + 2 < sizeof one);
            (void)snprintf(one, sizeof one, " id=\"%.*s\"", (int)length - 5, at + 5);
            (void)snprintf(other, sizeof other, " id='%.*s'", (int)length - 5, at + 5);
            const char *first = strstr(html, one), *second = strstr(html, other);
            assert_false(first && second);
            const char *only = first ? first : second;
            if (strstr(only + 1, first ? one : other))
                fail_msg("twice:%s", one);
        }
    assert_true(seen >= 10);
}

static void test_all_files(void **state)
{
    (void)state;
    enum report_outcome outcome = make_report();
    for (size_t i = 0; i < PLOT_COUNT; i++) {
        assert_true(has_file(plots[i], ".csv"));
        assert_true(has_file(plots[i], ".gp"));
        assert_int_equal(has_file(plots[i], ".svg"), outcome == REPORT_DONE);
        assert_false(has_file(plots[i], ".svg.tmp"));
    }
    char *html = read_text("report.html");
    assert_non_null(html);
    assert_no_duplicate_ids(html);
    assert_non_null(strstr(html, "http-equiv=\"Content-Security-Policy\" content=\"default-src "
                                 "'none'; img-src data:; style-src 'unsafe-inline'\""));
    assert_null(strstr(html, "http:"));
    assert_null(strstr(html, "https:"));
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "<link"));
    assert_null(strstr(html, "@import"));
    assert_non_null(strstr(html, "3f9c1a7e52d04b86"));
    assert_non_null(strstr(html, "data:image/png;base64,iVBORw0KGgo"));
    assert_non_null(strstr(html, "no-symbol"));
    assert_non_null(strstr(html, "Photographs of a thief</h3>"));
    assert_non_null(strstr(html, "by an accomplice</h3>"));
    assert_non_null(strstr(html, "distance 2.4 m"));
    assert_null(strstr(html, "(null)"));
    assert_null(strstr(html, ">nan<"));
    free(html);
}

static void test_same_bytes_again(void **state)
{
    (void)state;
    make_report();
    char *first = read_text("report.html");
    make_report();
    char *second = read_text("report.html");
    assert_string_equal(first, second);
    free(first);
    free(second);
}

/* A script must hold nothing that makes gnuplot run a program: no backtick and no double quote. */
static void test_scripts_run_nothing(void **state)
{
    (void)state;
    make_report();
    for (size_t i = 0; i < PLOT_COUNT; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "plots/%s.gp", plots[i]);
        char *script = read_text(name);
        assert_non_null(script);
        assert_null(strpbrk(script, "`\""));
        assert_null(strstr(script, "system"));
        assert_null(strstr(script, "'<"));
        free(script);
    }
}

static void test_texts_are_escaped(void **state)
{
    (void)state;
    fixture_text(run, "scenario.yaml",
                 "description: \"<script>alert(1)</script> & 'quotes'\"\nx: <img src=x>\n");
    fixture_text(run, "manifest.json", "{\"a\": \"</pre><script src='//x'></script>\"}\n");
    fixture_text(run, "fingerprint.txt", "<b onclick=x>\n");
    replace_line("gallery.csv", "first of its kind", "<i>\"note\"</i>");
    make_report();
    char *html = read_text("report.html");
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "<img src=x"));
    assert_null(strstr(html, "<b onclick"));
    assert_null(strstr(html, "<i>"));
    assert_non_null(strstr(html, "<h1>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;quotes"));
    free(html);
}

static void test_without_gnuplot(void **state)
{
    (void)state;
    make_report(); /* leaves pictures, which must not pass for new ones */
    char *path = strdup(getenv("PATH"));
    assert_non_null(path);
    setenv("PATH", "", 1);
    struct error error = {{0}};
    enum report_outcome outcome = report_make(run, &error);
    setenv("PATH", path, 1);
    free(path);
    assert_int_equal(outcome, REPORT_NO_GNUPLOT);
    assert_non_null(strstr(error.text, "gnuplot"));
    assert_true(has_file("security", ".gp") && has_file("security", ".csv"));
    assert_false(has_file("security", ".svg"));
    char *html = read_text("report.html");
    assert_non_null(html);
    assert_non_null(strstr(html, "gnuplot was not found"));
    assert_null(strstr(html, "<svg"));
    free(html);
}

/* A folder of the records that stands in PATH as "." must not lend its own gnuplot. */
static void test_no_gnuplot_of_the_folder(void **state)
{
    (void)state;
    char *path = strdup(getenv("PATH")), here[512];
    assert_non_null(path);
    assert_non_null(getcwd(here, sizeof here));
    fixture_text(run, "gnuplot", "#!/bin/sh\ntouch was-run\n");
    assert_int_equal(chdir(run), 0);
    assert_int_equal(chmod("gnuplot", 0755), 0);
    setenv("PATH", ".::relative", 1);
    struct error error = {{0}};
    enum report_outcome outcome = report_make(".", &error);
    setenv("PATH", path, 1);
    free(path);
    assert_int_equal(chdir(here), 0);
    assert_int_equal(outcome, REPORT_NO_GNUPLOT);
    char *proof = read_text("was-run");
    assert_null(proof);
    proof = read_text("plots/was-run");
    assert_null(proof);
}

/* A gnuplot that fails is reported with what it said. */
static void test_failing_gnuplot(void **state)
{
    (void)state;
    char *path = strdup(getenv("PATH"));
    assert_non_null(path);
    fixture_text(run, "gnuplot", "#!/bin/sh\necho 'no fonts here' >&2\nexit 3\n");
    char program[600];
    (void)snprintf(program, sizeof program, "%s/gnuplot", run);
    assert_int_equal(chmod(program, 0755), 0);
    setenv("PATH", run, 1);
    struct error error = {{0}};
    enum report_outcome outcome = report_make(run, &error);
    setenv("PATH", path, 1);
    free(path);
    assert_int_equal(outcome, REPORT_FAILED);
    assert_non_null(strstr(error.text, "no fonts here"));
    assert_non_null(strstr(error.text, "security.gp"));
}

static void test_malicious_names(void **state)
{
    (void)state;
    static const char *const names[] = {"`touch x`", "$(touch x)", "a'b", "a\"b", "a<b"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fixture_all_curves(run);
        replace_line("curves.csv", "image-code", names[i]);
        assert_fails("curves.csv:", "column 'scheme'");
        fixture_all_curves(run);
        replace_line("curves.csv", ",mm,", ",m`m,");
        assert_fails("curves.csv:", "column 'x_unit'");
    }
    fixture_all_curves(run);
    replace_line("summary.csv", "outcome.expired", "outcome.`x`");
    assert_fails("summary.csv:", "column 'metric'");
}

static void test_records_that_make_no_sense(void **state)
{
    (void)state;
    replace_line("summary.csv", "sms-code,completion,", "sms-code,withdrawals-paid,");
    assert_fails("summary.csv:5", "a second time");
    fixture_summary(run);
    replace_line("timings.csv", "388,1250", "1250,388");
    assert_fails("timings.csv:2", "no times");
    fixture_text(run, "timings.csv", fixture_timings);
    fixture_text(run, "curves.csv",
                 "curve,scheme,replication,bin,x_lo,x_hi,x_unit,n,sum\n"
                 "decode-module,image-code,0,0,1,2,px,3,4\n");
    assert_fails("curves.csv:2", "no trials and successes");
}

static void test_missing_files(void **state)
{
    (void)state;
    static const char *const files[] = {"summary.csv",   "replications.csv", "curves.csv",
                                        "timings.csv",   "gallery.csv",      "scenario.yaml",
                                        "manifest.json", "gallery/0-17.png"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char from[600], to[600];
        (void)snprintf(from, sizeof from, "%s/%s", run, files[i]);
        (void)snprintf(to, sizeof to, "%s/away", run);
        assert_int_equal(rename(from, to), 0);
        assert_fails(files[i], "run the scenario again");
        assert_int_equal(rename(to, from), 0);
    }
    struct error error = {{0}};
    assert_int_equal(report_make("/nowhere/at/all", &error), REPORT_FAILED);
    assert_non_null(strstr(error.text, "/nowhere/at/all"));
}

/* A picture may be a link to a secret, plots/ a link to somewhere worth overwriting. */
static void test_links_are_not_followed(void **state)
{
    (void)state;
    char path[1200];
    (void)snprintf(path, sizeof path, "%s/gallery/0-17.png", run);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("../manifest.json", path), 0);
    assert_fails("0-17.png", "link");
    assert_int_equal(unlink(path), 0);
    fixture_write(run, "gallery/0-17.png", "no picture", 10);
    assert_fails("gallery.csv:2", "no PNG");
    fixture_write(run, "gallery/0-17.png", fixture_png, sizeof fixture_png);
    (void)snprintf(path, sizeof path, "rm -rf '%s/plots' && ln -s /tmp '%s/plots'", run, run);
    assert_int_equal(system(path), 0);
    assert_fails("plots", "not a link");
}

/* One scheme, one replication, no curves: still a report. */
static void test_little_data(void **state)
{
    (void)state;
    fixture_text(
        run, "summary.csv",
        "scheme,metric,unit,kind,n,mean,ci_lo,ci_hi,method,gain,p50,p90,p95,p99,p999,p9999\n"
        "image-code,completion,1,ratio,1,0.97,,,none,,,,,,,\n"
        "image-code,thefts,per 1000 withdrawals,rate,1,0,,,none,,,,,,,\n"
        "image-code,outcome.paid,1,ratio,1,1,,,none,,,,,,,\n");
    fixture_text(run, "replications.csv",
                 "scheme,replication,metric,unit,kind,numerator,denominator,value,p50,p95,p99\n");
    fixture_text(run, "curves.csv",
                 "curve,scheme,replication,bin,x_lo,x_hi,x_unit,n,sum\n"
                 "withdrawals,image-code,0,9,9,10,h,1,12\n"
                 "decode-module,image-code,0,0,1,2,px,0,0\n");
    fixture_text(run, "timings.csv", "scheme,stage,n,mean_ns,p50_ns,p99_ns,total_s\n");
    fixture_text(run, "gallery.csv",
                 "file,scheme,replication,capture,who,outcome,distance_mm,module_px,defocus_px,"
                 "motion_px,tilt_deg,note\n");
    fixture_text(
        run, "steady.csv",
        "scheme,metric,n,observations,deleted,warmup,batches,correlation,skewness,doubts\n");
    fixture_text(run, "warmup.csv", "scheme,metric,from,to,mean\n");
    make_report();
    assert_false(has_file("warmup", ".svg"));
    assert_true(has_file("withdrawals", ".csv"));
    assert_false(has_file("decode-module", ".csv"));
    char *html = read_text("report.html");
    assert_non_null(strstr(html, "Decoding against module size: no data in this run"));
    assert_non_null(strstr(html, "No frames were kept"));
    assert_null(strstr(html, "Steady state"));
    free(html);
}

/* What was deleted, what is doubtful; a panel a metric, at most four. */
static void test_steady_state(void **state)
{
    (void)state;
    make_report();
    char *html = read_text("report.html"), *script = read_text("plots/warmup.gp");
    assert_non_null(strstr(html, "the run had not settled by its half"));
    assert_non_null(strstr(html, "each run is short beside its memory"));
    assert_null(strstr(html, "a metric so skewed"));
    assert_non_null(strstr(script, "the first 800 deleted"));
    assert_non_null(strstr(script, "not settled by its half: nothing deleted"));
    assert_non_null(strstr(script, "# panel 2"));
    free(html);
    free(script);
    fixture_text(run, "steady.csv",
                 "scheme,metric,n,observations,deleted,warmup,batches,correlation,skewness,doubts\n"
                 "difference,queue-wait,5,100,0,found,,0,0,\n"
                 "sms-code,nothing,0,0,0,short,,,,short\n"
                 "sms-code,queue-wait,1,100,0,short,0,,,short few-batches\n");
    make_report();
    script = read_text("plots/warmup.gp");
    assert_non_null(strstr(script, "too short to tell"));
    assert_null(strstr(script, "# panel 2"));
    free(script);
    replace_line("warmup.csv", "sms-code,queue-wait,0,80", "sms-code,queue-wait,80,80");
    assert_fails("warmup.csv:2", "from is not below to");
}

/* Axes that would have no width: zeros everywhere, one bin, all times alike. */
static void test_flat_data(void **state)
{
    (void)state;
    fixture_text(
        run, "summary.csv",
        "scheme,metric,unit,kind,n,mean,ci_lo,ci_hi,method,gain,p50,p90,p95,p99,p999,p9999\n"
        "sms-code,thefts,per 1000 withdrawals,rate,2,0,0,0,t,,,,,,,\n"
        "sms-code,outcome.paid,1,ratio,2,1,1,1,t,,,,,,,\n");
    fixture_text(run, "curves.csv",
                 "curve,scheme,replication,bin,x_lo,x_hi,x_unit,n,sum\n"
                 "withdrawals,sms-code,0,0,0,1,h,1,0\n"
                 "queue-wait,sms-code,0,0,0,1,h,5,0\n"
                 "wait-distribution,sms-code,0,0,0,20,s,7,7\n"
                 "decode-module,sms-code,0,0,1,2,px,1,0\n");
    fixture_text(run, "timings.csv",
                 "scheme,stage,n,mean_ns,p50_ns,p99_ns,total_s\nsms-code,verify,1,0,0,0,0\n");
    make_report();
}

#define RUN_TEST(test) cmocka_unit_test_setup_teardown(test, make_run, remove_run)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_TEST(test_all_files),
        RUN_TEST(test_same_bytes_again),
        RUN_TEST(test_scripts_run_nothing),
        RUN_TEST(test_texts_are_escaped),
        RUN_TEST(test_without_gnuplot),
        RUN_TEST(test_no_gnuplot_of_the_folder),
        RUN_TEST(test_failing_gnuplot),
        RUN_TEST(test_malicious_names),
        RUN_TEST(test_records_that_make_no_sense),
        RUN_TEST(test_missing_files),
        RUN_TEST(test_links_are_not_followed),
        RUN_TEST(test_little_data),
        RUN_TEST(test_flat_data),
        RUN_TEST(test_steady_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
