/* The views of a shot: what the pipeline shows of its stages is what they made. */
#include "tests/optics_fixture.h"

#include "pipeline.h"

static struct shot shot_of(const struct conditions *conditions)
{
    return (struct shot){
        .code = "012345678901",
        .model = {SYMBOLOGY_CODE128, 128, 64},
        .conditions = *conditions,
        .noise = {.seed = 1, .purpose = 9},
        .rules = {SYMBOLOGY_CODE128, 12},
    };
}

static struct frame copy_frame(const struct pipeline *pipeline)
{
    const struct frame *frame = pipeline_frame(pipeline);
    struct frame copy = new_frame(frame->width, frame->height);
    memcpy(copy.pixels, frame->pixels, (size_t)frame->width * frame->height);
    return copy;
}

static int largest_difference(const struct frame *a, const struct frame *b)
{
    int largest = 0;
    for (size_t i = 0; i < (size_t)a->width * a->height; i++)
        if (abs(a->pixels[i] - b->pixels[i]) > largest)
            largest = abs(a->pixels[i] - b->pixels[i]);
    return largest;
}

/* The views and the frame of one shot; the caller frees the pixels. */
static void look(const struct conditions *conditions, struct frame views[VIEW_COUNT],
                 struct frame *frame, struct decoded decoded[VIEW_COUNT], struct shot *shot)
{
    struct pipeline *pipeline = pipeline_new(conditions->camera.width, conditions->camera.height);
    *shot = shot_of(conditions);
    pipeline_run(pipeline, shot);
    *frame = copy_frame(pipeline);
    for (enum pipeline_view view = 0; view < VIEW_COUNT; view++) {
        pipeline_look(pipeline, shot, view, &decoded[view]);
        views[view] = copy_frame(pipeline);
    }
    pipeline_free(pipeline);
}

static void drop(struct frame views[VIEW_COUNT], struct frame *frame)
{
    for (int i = 0; i < VIEW_COUNT; i++)
        free(views[i].pixels);
    free(frame->pixels);
}

/* Without noise the last view is the frame; without blur, too, so is the first. */
static void test_views_are_the_stages(void **state)
{
    struct conditions conditions = ideal_conditions();
    struct frame views[VIEW_COUNT], frame;
    struct decoded decoded[VIEW_COUNT];
    struct shot shot;
    (void)state;
    look(&conditions, views, &frame, decoded, &shot);
    assert_true(largest_difference(&views[VIEW_RENDERED], &frame) <= 1);
    assert_true(largest_difference(&views[VIEW_BLURRED], &frame) <= 1);
    drop(views, &frame);
    conditions.camera.f_number = 2.8;
    conditions.camera.focus_m = 0.3;
    conditions.pose.speed_m_s = 0.1;
    look(&conditions, views, &frame, decoded, &shot);
    assert_true(largest_difference(&views[VIEW_BLURRED], &frame) <= 1);
    assert_true(largest_difference(&views[VIEW_RENDERED], &frame) > 50);
    drop(views, &frame);
}

/* A picture that is lost in the blur was readable before it. */
static void test_where_it_is_lost(void **state)
{
    struct conditions conditions = default_conditions();
    struct frame views[VIEW_COUNT], frame;
    struct decoded decoded[VIEW_COUNT];
    struct shot shot;
    (void)state;
    conditions.camera.focus_m = 1.0;
    look(&conditions, views, &frame, decoded, &shot);
    assert_int_equal(shot.decoded.status, DECODE_NO_SYMBOL);
    assert_int_equal(decoded[VIEW_BLURRED].status, DECODE_NO_SYMBOL);
    assert_int_equal(decoded[VIEW_RENDERED].status, DECODE_OK);
    assert_string_equal(decoded[VIEW_RENDERED].text, shot.code);
    drop(views, &frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_views_are_the_stages),
                                       cmocka_unit_test(test_where_it_is_lost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
