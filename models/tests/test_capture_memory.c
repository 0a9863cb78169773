/*
 * A capture allocates nothing: what it needs is in the scratch. The linker leads every call of
 * malloc, calloc, realloc and free from the rooms through here (--wrap). What shows photographs
 * grows with the first, and then it, too, allocates nothing.
 */
#include "tests/optics_fixture.h"

#include "recapture.h"

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

static void test_recaptures_allocate_nothing(void **state)
{
    (void)state;
    struct code_image image = random_image(128, 64, 3);
    struct conditions photo = default_conditions(), conditions = default_conditions();
    struct display phone = {.kind = DISPLAY_PHONE,
                            .pitch_m = 0.5e-3,
                            .contrast = 50.0,
                            .panel_pitch_m = 0.1e-3,
                            .panel_gap = 0.2};
    struct camera_scratch *scratch = camera_scratch_new(640, 480);
    struct recapture *recapture = recapture_new();
    struct frame frame = new_frame(640, 480);
    unsigned before = calls;
    for (unsigned i = 0; i < 4; i++) {
        struct stream_key key = {.seed = 1, .entity = i};
        photo.pose.roll = 0.1 - 0.05 * i; /* the widest picture comes first */
        recapture_take(recapture, &image, &photo, key, &phone);
        conditions.display = phone;
        conditions.display.pitch_m = recapture_pitch_m(recapture);
        conditions.pose.glare = (struct glare){.peak = 0.1, .size_m = 0.01};
        camera_render_picture(recapture_picture(recapture), &conditions, scratch);
        camera_expose(&conditions, key, scratch, &frame);
        assert_true(i > 0 || calls > before); /* so the first one did */
        before = i == 0 ? calls : before;
    }
    assert_int_equal(calls, before);
    free(frame.pixels);
    recapture_free(recapture);
    camera_scratch_free(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_captures_allocate_nothing),
                                       cmocka_unit_test(test_recaptures_allocate_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
