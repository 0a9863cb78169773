/*
 * A capture allocates nothing: what it needs is in the scratch. The linker leads every call of
 * malloc, calloc, realloc and free from the rooms through here (--wrap). (A panel whose own pixels
 * are seen does allocate: it is drawn by other code.)
 */
#include "optics_fixture.h"

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *block, size_t bytes);
void __real_free(void *block);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *block, size_t bytes);
void __wrap_free(void *block);

static unsigned calls;

void *__wrap_malloc(size_t bytes)
{
    calls++;
    return __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    calls++;
    return __real_calloc(count, bytes);
}

void *__wrap_realloc(void *block, size_t bytes)
{
    calls++;
    return __real_realloc(block, bytes);
}

void __wrap_free(void *block)
{
    calls++;
    __real_free(block);
}

static void test_captures_allocate_nothing(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 3);
    struct conditions conditions = default_conditions();
    struct camera_scratch *scratch = camera_scratch_new(640, 480);
    struct frame frame = new_frame(640, 480);
    conditions.camera.vignetting = true;
    assert_true(calls >= 2); /* so the counting works */
    unsigned before = calls;
    for (unsigned i = 0; i < 4; i++) {
        conditions.pose.roll = 0.3 * i;
        conditions.camera.focus_m = 0.1 + 0.05 * i;
        struct stream_key key = {.seed = 1, .entity = i};
        camera_capture(&image, &conditions, key, scratch, &frame);
    }
    assert_int_equal(calls, before);
    free(frame.pixels);
    camera_scratch_free(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_captures_allocate_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
