/* What `cashpoint decode` prints of bytes that do not print: nothing raw, nothing lost. */
#include "decode_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Printed as text and as JSON; the caller frees. */
static void print(const struct decoded *decoded, const char *bytes, char *said[2])
{
    struct decode_answer answer = {"a.png", 640, 480, decoded, bytes, 1.5, NULL};
    for (int json = 0; json < 2; json++) {
        size_t size;
        FILE *out = open_memstream(&said[json], &size);
        assert_non_null(out);
        if (json)
            decode_print_json(out, &answer);
        else
            decode_print_text(out, &answer, 0);
        fclose(out);
        assert_int_equal(strlen(said[json]), size); /* no zero among them */
    }
}

static void assert_says(enum decode_status status, const char *bytes, unsigned length,
                        const char *text, const char *json)
{
    struct decoded decoded = {.status = status, .length = length};
    char *said[2];
    memcpy(decoded.text, bytes, length);
    print(&decoded, decoded.text, said);
    if (strstr(said[0], text) == NULL)
        fail_msg("not '%s' in: %s", text, said[0]);
    if (json != NULL && strstr(said[1], json) == NULL)
        fail_msg("not '%s' in: %s", json, said[1]);
    for (int i = 0; i < 2; i++) {
        for (const char *at = said[i]; *at != '\0'; at++)
            assert_true(*at == '\n' ? at[1] == '\0' : *at >= ' ' && *at <= '~');
        free(said[i]);
    }
}

static void control_characters_are_escaped(void **state)
{
    (void)state;
    assert_says(DECODE_OK, "A\0B\x1b\n\x7f\"\\", 8, ": A\\x00B\\x1b\\x0a\\x7f\"\\",
                "\"text\": \"A\\u0000B\\u001b\\u000a\\u007f\\\"\\\\\", \"hex\": "
                "\"4100421b0a7f225c\", \"length\": 8,");
    assert_says(DECODE_OK, "\0", 1, ": \\x00  (", "\"text\": \"\\u0000\", \"hex\": \"00\"");
}

/* JSON has no bytes: what is no UTF-8 is told as digits alone. */
static void bytes_that_are_no_text(void **state)
{
    (void)state;
    assert_says(DECODE_OK, "e\xe9", 2, ": e\\xe9", ", \"hex\": \"65e9\", \"length\": 2,");
}

static void what_is_refused_is_told_behind_a_zero_too(void **state)
{
    (void)state;
    assert_says(DECODE_WRONG_LENGTH, "A\0BC", 4, ": A\\x00BC  (", "\"status\": \"wrong-length\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_are_escaped),
        cmocka_unit_test(bytes_that_are_no_text),
        cmocka_unit_test(what_is_refused_is_told_behind_a_zero_too),
    };
    return cmocka_run_group_tests_name("decode_print", tests, NULL, NULL);
}
