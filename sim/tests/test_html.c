/* The writer of HTML: nothing gets out of its text, and no two pictures share an id. */
#include "output/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_escaped(const char *bytes, size_t length, const char *expected)
{
    struct text page = {0};
    html_bytes(&page, bytes, length);
    assert_string_equal(page.bytes, expected);
    text_free(&page);
}

static void test_escaping(void **state)
{
    (void)state;
    assert_escaped("<script>alert('x')</script> & \"y\"", 33,
                   "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;");
    assert_escaped("\xC2\xB5s \xE2\x80\x93 \xF0\x9F\x92\xB6\n\t", 14,
                   "\xC2\xB5s \xE2\x80\x93 \xF0\x9F\x92\xB6\n\t");
}

#define BAD "\xEF\xBF\xBD"

static void test_bytes_that_are_no_text(void **state)
{
    (void)state;
    assert_escaped("a\0b\x1B", 4, "a" BAD "b" BAD);
    assert_escaped("\xC0\xBC", 2, BAD BAD);                 /* an overlong '<' */
    assert_escaped("\xED\xA0\x80", 3, BAD BAD BAD);         /* a surrogate */
    assert_escaped("\xF4\x90\x80\x80", 4, BAD BAD BAD BAD); /* above U+10FFFF */
    assert_escaped("x\xE2\x80", 3, "x" BAD BAD);            /* cut short */
    assert_escaped("\xE2<b>", 4, BAD "&lt;b&gt;");          /* must not swallow the '<' */
}

static const char svg[] =
    "<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n<svg width=\"720\" height=\"4\" viewBox=\"0 0 1 1\"\n"
    " xmlns=\"http://www.w3.org/2000/svg\"><title>Gnuplot</title><desc>by</desc><!-- c -->"
    "<g id=\"gnuplot_plot_1\" clip-path='url(#clip)'><use xlink:href='#gpPt5' id='gpPt6'/>"
    "<text>a &lt; b #7</text></g></svg>\n";

static void test_svg_is_made_fit(void **state)
{
    (void)state;
    struct text page = {0};
    assert_true(html_svg(&page, svg, "p--", "A \"label\""));
    assert_string_equal(page.bytes,
                        "<svg role=\"img\" aria-label=\"A &quot;label&quot;\" viewBox=\"0 0 1 1\">"
                        "<g id=\"p--gnuplot_plot_1\" clip-path='url(#p--clip)'>"
                        "<use xlink:href='#p--gpPt5' id='p--gpPt6'/>"
                        "<text>a &lt; b #7</text></g></svg>\n");
    text_free(&page);
}

static void test_svg_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "<svg><script>1</script></svg>",
        "<svg><g onload='x'></g></svg>",
        "<svg><g onload = 'x'></g></svg>",
        "<svg><image href='x'/></svg>",
        "<svg><use href='http://x/y#z'/></svg>",
        "<svg><use xlink:href=''/></svg>",
        "<svg><g style='fill:url(http://x)'/></svg>",
        "<svg><foreignObject></foreignObject></svg>",
        "<svg><g id=\"unended></g></svg>",
        "<svg><g a=b></g></svg>",
        "<svg><svg></svg></svg>",
        "<svg><g",
        "<svg><!-- ",
        "<html></html>",
        "no picture at all",
        "",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct text page = {0};
        if (html_svg(&page, bad[i], "p--", "x"))
            fail_msg("taken: %s", bad[i]);
        text_free(&page);
    }
}

static void assert_base64(const char *bytes, const char *expected)
{
    struct text text = {0};
    text_base64(&text, (const unsigned char *)bytes, strlen(bytes));
    assert_string_equal(text.bytes, expected);
    text_free(&text);
}

/* RFC 4648, section 10. */
static void test_base64(void **state)
{
    (void)state;
    assert_base64("f", "Zg==");
    assert_base64("fo", "Zm8=");
    assert_base64("foo", "Zm9v");
    assert_base64("foob", "Zm9vYg==");
    assert_base64("fooba", "Zm9vYmE=");
    assert_base64("foobar", "Zm9vYmFy");
    assert_base64("\xFF\xFE\xFD", "//79");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escaping),        cmocka_unit_test(test_bytes_that_are_no_text),
        cmocka_unit_test(test_svg_is_made_fit), cmocka_unit_test(test_svg_is_refused),
        cmocka_unit_test(test_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
