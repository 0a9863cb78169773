/* Every mistake a scenario file can hold: where it is found, and in which words it is told. */
#include "tests/scenario_files.h"

/* The promise: ten mistakes, ten places, in one pass. */
static void test_ten_mistakes(void **state)
{
    write_text(*state, "ten.yaml",
               "seed: 0123\n"
               "replication: 5\n"
               "schemes: [sms-cod, chip]\n"
               "customers:\n"
               "  time_to_show: lognorml(mean 8 s, sd 4 s)\n"
               "  reservations: {rate: 0.4, profile: weekday}\n"
               "terminals:\n"
               "  camera:\n"
               "    f_number: 64\n"
               "    focus: 120 s\n"
               "    distance: uniform(min 2 m, max 1 m)\n"
               "  tilt: [8 deg]\n"
               "bank:\n"
               "  tries: 2.5\n");
    assert_said(
        *state, "ten.yaml", NULL,
        "ten.yaml:1:7: error: seed: a leading 0 is not accepted: write 123\n"
        "    seed: 0123\n"
        "          ^\n"
        "ten.yaml:2:1: error: unknown key \"replication\"; did you mean \"replications\"?\n"
        "    replication: 5\n"
        "    ^\n"
        "ten.yaml:3:11: error: schemes: \"sms-cod\" is not one of sms-code, image-code or chip; "
        "did you mean \"sms-code\"?\n"
        "    schemes: [sms-cod, chip]\n"
        "              ^\n"
        "ten.yaml:5:17: error: customers.time_to_show: unknown distribution \"lognorml\"; "
        "did you mean \"lognormal\"?\n"
        "      time_to_show: lognorml(mean 8 s, sd 4 s)\n"
        "                    ^\n"
        "ten.yaml:6:24: error: customers.reservations.rate: a unit is missing: "
        "rate is written in /s, /min, /h or /day\n"
        "      reservations: {rate: 0.4, profile: weekday}\n"
        "                           ^\n"
        "ten.yaml:9:15: error: terminals.camera.f_number: 64 is out of range: "
        "from 0.7 to 32 is accepted\n"
        "        f_number: 64\n"
        "                  ^\n"
        "ten.yaml:10:16: error: terminals.camera.focus: \"s\" is a unit of time: "
        "length is written in m, nm, um, mm or cm\n"
        "        focus: 120 s\n"
        "                   ^\n"
        "ten.yaml:11:15: error: terminals.camera.distance: min must not exceed max\n"
        "        distance: uniform(min 2 m, max 1 m)\n"
        "                  ^\n"
        "ten.yaml:12:9: error: terminals.tilt: a list stands here, "
        "but it takes a number with its unit\n"
        "      tilt: [8 deg]\n"
        "            ^\n"
        "ten.yaml:14:10: error: bank.tries: a count is a whole number: it has no fraction\n"
        "      tries: 2.5\n"
        "             ^\n"
        "10 errors; nothing was run\n");
}

/* One mistake a file; `says` is how the first line goes on behind "s.yaml". */
static const struct {
    const char *text, *says;
} mistakes[] = {
    /* wrong kinds */
    {"seed: {a: 1}\n", ":1:7: error: seed: keys stand here, but it takes a whole number"},
    {"seed: [1]\n", ":1:7: error: seed: a list stands here, but it takes a whole number"},
    {"seed:\n", ":1:6: error: seed: the value is missing: it takes a whole number"},
    {"seed: 1\nbank: 3\n",
     ":2:7: error: bank: a value stands here, but it takes keys of its own, such as tries"},
    {"seed: 1\nbank: [3]\n", ":2:7: error: bank: a list stands here, but it takes keys"},
    {"seed: 1\nterminals.matrix: 1\n", ":2:19: error: terminals.matrix: it takes a list of 3"},
    {"seed: 1\nterminals.matrix: [1, 1]\n", ":2:19: error: terminals.matrix: the list has 2"},
    {"seed: 1\nterminals.matrix: [1, [1], 1]\n", ":2:23: error: terminals.matrix: a list stands"},
    {"seed: 1\nterminals.matrix: [1, 2, 1]\n", ":2:23: error: terminals.matrix: 2 is out of"},
    {"seed: 1\nschemes: []\n", ":2:10: error: schemes: the list is empty"},
    {"seed: 1\nschemes: [chip, chip]\n", ":2:17: error: schemes: chip is named twice"},
    {"- seed\n", ":1:1: error: a scenario consists of KEY: VALUE lines, not of a list"},
    {"seed\n", ":1:1: error: a scenario consists of KEY: VALUE lines, not of a single value"},
    {"seed: 1\nhand.gain: [1]\n", ":2:12: error: hand.gain: a list stands here, but it takes a "
                                  "number, or a distribution"},
    {"seed: 1\nterminals.camera.f_number: {}\n", ":2:28: error: terminals.camera.f_number: keys "
                                                 "stand here, but it takes a number\n"},
    /* ranges */
    {"seed: -1\n", ":1:7: error: seed: -1 is out of range: at least 0 is accepted"},
    {"seed: 1\nreplications: 1001\n", ":2:15: error: replications: 1001 is out of range: from 1 "},
    {"seed: 1\nterminals.camera.focus: 11 m\n",
     ":2:25: error: terminals.camera.focus: 11 m is out of range: from 1 mm to 10 m is accepted"},
    {"seed: 1\nterminals.camera.distance: 11 m\n",
     ":2:28: error: terminals.camera.distance: 11 m is out of range: from 1 mm to 10 m"},
    {"seed: 1\nterminals.camera.distance: uniform(min 0 m, max 2 m)\n",
     ":2:28: error: terminals.camera.distance: an end of uniform(min 0 m, max 2 m) is out of"},
    {"seed: 1\nterminals.camera.distance: lognormal(mean 11 m, sd 1 m)\n",
     ":2:28: error: terminals.camera.distance: the mean of lognormal(mean 11 m, sd 1 m) is out"},
    {"seed: 1\nterminals.camera.distance: normal(mean 1 m, sd 1 m, max 11 m)\n",
     ":2:28: error: terminals.camera.distance: an end of normal("},
    {"seed: 1\ncustomers.time_to_show: exponential(mean 1 h)\n",
     ":2:25: error: customers.time_to_show: the mean of exponential(mean 1 h) is out of range"},
    /* keys */
    {"seed: 1\nsees: 1\n", ":2:1: error: unknown key \"sees\"; did you mean \"seed\"?"},
    {"seed: 1\nweather: 1\n", ":2:1: error: unknown key \"weather\"\n"},
    {"seed: 1\nterminals:\n  camra: {focus: 1 m}\n",
     ":3:3: error: unknown key \"terminals.camra\"; did you mean \"terminals.camera\"?"},
    {"seed: 1\nterminals: {camera: {focsu: 1 m}}\n", ":2:22: error: unknown key"},
    {"seed: 1\nfocus: 1 m\n",
     ":2:1: error: unknown key \"focus\"; did you mean \"terminals.camera"},
    {"bank: {tries: 3}\n", ":1:1: error: the key \"seed\" is missing, and has no default (Root"},
    {"seed: 1\n\nseed: 2\n",
     ":3:1: error: the key \"seed\" is given twice; it first stands in line 1"},
    {"seed: 1\nbank: {tries: 2}\nbank: {limit: 2 CNY}\n", ":3:1: error: the key \"bank\" is given"},
    {"seed: 1\nbank.tries: 2\nbank: {tries: 2}\n", ":3:8: error: the key \"bank.tries\" is given"},
    {"seed: 1\nan_endless_key_an_endless_key_an_endless_key_an_endless_key_an_endless_key_an_"
     "endless_key_an_endless_key_an_endless_key_an_endless_key: 1\n",
     ":2:1: error: unknown key \"an_endless_key_"},
    {"seed: 1\n? [a]\n: 2\n", ":2:3: error: a key is one word"},
    {"seed: 1\n\"\": 2\n", ":2:1: error: a key is missing before the colon"},
    /* numbers and units */
    {"seed: 1\nbank.limit: 3000\n", ":2:13: error: bank.limit: a unit is missing"},
    {"seed: 1\nbank.limit: 3000 yuan\n",
     ":2:18: error: bank.limit: unknown unit \"yuan\"; did you"},
    {"seed: 1\nbank.limit: 3000 mm\n", ":2:18: error: bank.limit: \"mm\" is a unit of length"},
    {"seed: .nan\n", ":1:7: error: seed: NaN is not accepted"},
    {"seed: -.inf\n", ":1:7: error: seed: infinity is not accepted"},
    {"seed: +3\n", ":1:7: error: seed: a leading + is not accepted"},
    {"seed: 0x1F\n", ":1:7: error: seed: hexadecimal is not accepted"},
    {"seed: 12 monkeys\n", ":1:10: error: seed: \"monkeys\" is too much"},
    {"seed: 1\nterminals.camera.f_number: 1e999\n", ":2:28: error: terminals.camera.f_number: the "
                                                    "number is too large"},
    {"seed: 1.5\n", ":1:7: error: seed: a count is a whole number"},
    {"seed: 99999999999999999999\n", ":1:7: error: seed: the count is too large"},
    {"seed: '  x'\n", ":1:10: error: seed: \"x\" is not a number"},
    {"seed: \"\\x20x\"\n", ":1:7: error: seed: \"x\" is not a number"}, /* an escape: the start */
    {"seed: 1\nbank.strict: Yes\n",
     ":2:14: error: bank.strict: \"Yes\" is neither yes nor no; did"},
    {"seed: 1\ncustomers.reservations.profile: weekdy\n",
     ":2:33: error: customers.reservations.profile: \"weekdy\" is not one of weekday, weekend or "
     "flat; did you mean \"weekday\"?"},
    {"seed: 1\ncustomers.time_to_show: lognormal(mean 8 s, ds 4 s)\n",
     ":2:45: error: customers.time_to_show: lognormal has no \"ds\""},
    {"seed: 1\ncustomers.time_to_show: normal(mean 8 s, sd -4 s)\n",
     ":2:25: error: customers.time_to_show: sd must not be negative"},
    {"seed: 1\ncustomers: {time_to_show: normal(mean 8 s, sd 4 s, min 1 s)}\n",
     ":2:27: error: customers.time_to_show: inside { } and [ ] a comma ends the value"},
    /* YAML that is refused, and YAML that is none */
    {"seed: &a 1\n", ":1:7: error: seed: anchors (&name) are not accepted"},
    {"seed: *a\n", ":1:7: error: seed: aliases (*name) are not accepted"},
    {"seed: !!int 1\n", ":1:7: error: seed: tags (!name) are not accepted"},
    {"seed: ! 1\n", ":1:7: error: seed: tags (!name) are not accepted"},
    {"seed: 1\nbank: &b {tries: 2}\n", ":2:7: error: bank: anchors (&name) are not accepted"},
    {"seed: 1\nschemes: !!set [chip]\n", ":2:10: error: schemes: tags (!name) are not accepted"},
    {"!!map\nseed: 1\n", ":1:1: error: tags (!name) are not accepted"},
    {"seed: 1\n&k bank: {tries: 2}\n", ":2:1: error: anchors (&name) are not accepted"},
    {"seed: 1\n<<: {a: 1}\n", ":2:1: error: merge keys (<<) are not accepted"},
    {"seed: 1\n---\nseed: 2\n", ":2:1: error: a second document starts here"},
    {"seed: 1\nbank: {tries: 2,\nhand:\n", ":4:1: error: this is not YAML: "},
    {"seed: 1\nbank:\n\ttries: 2\n", ":3:1: error: this is not YAML: found character that cannot "
                                     "start any token while scanning for the next token; indent"},
    {"seed: 1\ndescription: a: b\n", ":2:15: error: this is not YAML: mapping values are not "
                                     "allowed in this context; a text that holds \": \" goes in"},
    {"seed: 1\nx: [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]\n", ":2:1: error: unknown key \"x\""},
    {"", ": error: the file is empty"},
    {"# nothing\n", ": error: the file is empty"},
    {"---\n", ": error: the file is empty"},
    /* texts that are none */
    {"\xFF\xFEs\n", ": error: the file is UTF-16: save it as UTF-8"},
    {"seed: 1\ndescription: caf\xE9\n", ":2:17: error: this byte is not UTF-8"},
    {"seed: 1\ndescription: a\x1b[31mb\n", ":2:15: error: a control character (U+001B)"},
    {"seed: 1\ndescription: \"a\\e[31mb\"\n", ":2:16: error: description: the text holds an "},
    {"seed: 1\ndescription: \"a\\0b\"\n", ":2:14: error: description: a text must not hold a NUL"},
    {"seed: 1\ndescription: a\xE2\x80\xAEg\n", ":2:15: error: description: the text holds an inv"},
};

static void test_mistakes(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; ++i) {
        char *said = refusal_of(*state, mistakes[i].text, strlen(mistakes[i].text));
        const char *wanted = mistakes[i].says;
        if (strncmp(said, "s.yaml", 6) != 0 || strncmp(said + 6, wanted, strlen(wanted)) != 0) {
            print_error("\n%s\nsays\n%s\nnot %s\n", mistakes[i].text, said, wanted);
            ++wrong;
        }
        free(said);
    }
    assert_int_equal(0, wrong);
}

/* One mistake is told once. */
static void test_no_echo(void **state)
{
    static const char *const alone[] = {
        "sees: 1\n", /* is not missing too */
        "seed: x\n",
        "seed: 1\ncustomers: {time_to_show: normal(mean 8 s, sd 4 s, min 1 s)}\n",
        "seed: 1\nterminals: {camra: {a: 1, b: 2}}\n",
        "seed: 1\nbank: {tries: [2\n",
        "bank: {tries: 2}\nschemes: [\n", /* the seed might have followed */
    };
    for (size_t i = 0; i < sizeof alone / sizeof *alone; ++i) {
        char *said = refusal_of(*state, alone[i], strlen(alone[i]));
        if (strstr(said, "1 error; nothing was run\n") == NULL || said[0] == '1')
            fail_msg("\n%s\nsays\n%s", alone[i], said);
        free(said);
    }
}

static void test_nul_byte(void **state)
{
    static const char text[] = "seed: 1\nbank\0: 3\n";
    char *said = refusal_of(*state, text, sizeof text - 1);
    assert_string_equal("s.yaml:2:5: error: a NUL byte: is this a text, saved as UTF-8?\n"
                        "    bank\\x00: 3\n"
                        "        ^\n"
                        "1 error; nothing was run\n",
                        said);
    free(said);
}

static void test_depth(void **state)
{
    char text[512] = "seed: 1\nbank: ";
    for (int i = 0; i < 16; ++i)
        strcat(text, "[");
    char *said = refusal_of(*state, text, strlen(text));
    assert_non_null(strstr(said, "s.yaml:2:22: error: nested too deep: 16 levels are the most"));
    free(said);
}

/* Long lines are cut around the caret; tabs, wide characters and escapes keep it in place. */
static void test_lines_as_shown(void **state)
{
    char text[600], expected[600];
    snprintf(text, sizeof text, "seed: 1\nbank: {%150slimit: x,%150stries: 3}\n", "", "");
    snprintf(expected, sizeof expected,
             "s.yaml:2:165: error: bank.limit: \"x\" is not a number\n"
             "    ...%38slimit: x,%43s...\n"
             "%52s^\n"
             "1 error; nothing was run\n",
             "", "", "");
    write_text(*state, "s.yaml", text);
    assert_said(*state, "s.yaml", NULL, expected);

    snprintf(text, sizeof text, "seed: 1\nbank: {%150slimit: x}\n", "");
    snprintf(expected, sizeof expected,
             "s.yaml:2:165: error: bank.limit: \"x\" is not a number\n"
             "    ...%84slimit: x}\n"
             "%98s^\n"
             "1 error; nothing was run\n",
             "", "");
    write_text(*state, "s.yaml", text);
    assert_said(*state, "s.yaml", NULL, expected);

    write_text(*state, "s.yaml", "{\"\xE4\xB8\xAD\": 1,\tseed: x}\n");
    assert_said(*state, "s.yaml", NULL,
                "s.yaml:1:2: error: unknown key \"\xE4\xB8\xAD\"\n"
                "    {\"\xE4\xB8\xAD\": 1, seed: x}\n"
                "     ^\n"
                "s.yaml:1:16: error: seed: \"x\" is not a number\n"
                "    {\"\xE4\xB8\xAD\": 1, seed: x}\n"
                "                    ^\n"
                "2 errors; nothing was run\n");
}

static void test_at_most_a_hundred(void **state)
{
    char *text = calloc(1, 250 * 8 + 1);
    for (int i = 0; i < 250; ++i)
        strcat(text, "zzzz: 1\n");
    char *said = refusal_of(*state, text, strlen(text));
    assert_non_null(strstr(said, "s.yaml:100:1: "));
    assert_null(strstr(said, "s.yaml:101:1: "));
    assert_non_null(strstr(said, "(151 more are not shown)\n251 errors; nothing was run\n"));
    free(said);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_ten_mistakes),      IN_FOLDER(test_mistakes), IN_FOLDER(test_no_echo),
        IN_FOLDER(test_nul_byte),          IN_FOLDER(test_depth),    IN_FOLDER(test_lines_as_shown),
        IN_FOLDER(test_at_most_a_hundred),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
