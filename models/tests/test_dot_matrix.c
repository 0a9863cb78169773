/*
 * The dot matrix's reader: what it reads, from every side, and what it refuses.
 *
 * Pictures are painted without the camera model, with chance from fixed seeds, so nothing here can
 * fail by luck once it has passed.
 */
#include "dot_matrix_pictures.h"

enum { WIDTH = 640, HEIGHT = 480, SIGNATURE = 132 };

static const struct matrix_format usual = {1, 2, 0, MATRIX_VITERBI, false};

static struct code_image draw(const struct matrix_format *matrix, const char *bytes,
                              unsigned length)
{
    struct code_image image;
    struct error error = {""};
    struct code_format format = {.symbology = SYMBOLOGY_DOT_MATRIX, .matrix = *matrix};
    if (!symbology_draw(&format, bytes, length, 128, 64, &image, &error))
        fail_msg("%s", error.text);
    return image;
}

static struct decoded read_one(const struct frame *frame, const struct decode_rules *rules)
{
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    decoder_read(decoder, frame, rules, &decoded);
    decoder_free(decoder);
    return decoded;
}

static struct decode_rules rules_of(const struct matrix_format *matrix, unsigned length)
{
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_DOT_MATRIX, length);
    rules.matrix = *matrix;
    return rules;
}

/* What makes a frame of a code. */
struct shot {
    struct matrix_format format;
    unsigned length;
    struct picture at;
    double blur, noise;
};

/* Takes the shot with its own string and noise. */
static struct frame take(const struct shot *shot, uint64_t number, char *bytes)
{
    struct stream stream = new_stream(number, 30);
    struct frame frame = new_picture(WIDTH, HEIGHT);
    random_payload(&stream, shot->length, shot->length > 20 ? ANY_BYTES : CHARACTERS, bytes);
    struct code_image image = draw(&shot->format, bytes, shot->length);
    paint_picture(&frame, &image, &shot->at);
    blur_picture(&frame, shot->blur);
    add_noise(&frame, shot->noise, &stream);
    return frame;
}

/* The answer, which must be the string or none. */
static struct decoded shoot(const struct shot *shot, uint64_t number)
{
    char bytes[PAYLOAD_MAX_BYTES + 1];
    struct frame frame = take(shot, number, bytes);
    struct decode_rules rules = rules_of(&shot->format, shot->length);
    struct decoded decoded = read_one(&frame, &rules);
    free(frame.pixels);
    if (decoded.status == DECODE_OK) {
        assert_int_equal(decoded.length, shot->length);
        assert_memory_equal(decoded.text, bytes, shot->length);
    } else {
        assert_int_equal(decoded.length, 0);
    }
    return decoded;
}

static void must_read(const struct shot *shot, uint64_t number, const char *what)
{
    struct decoded decoded = shoot(shot, number);
    if (decoded.status != DECODE_OK)
        fail_msg("%s %d: %s", what, (int)number, decode_status_name(decoded.status));
}

static struct shot usual_shot(void)
{
    return (struct shot){.format = usual,
                         .length = SIGNATURE,
                         .at = {.x = 321, .y = 238, .scale = 3, .tilt_x = 0.05, .tilt_y = 0.03},
                         .blur = 0.7,
                         .noise = 10};
}

/* ---- what is read ---- */

static void test_turned(void **state)
{
    (void)state;
    for (int degrees = 0; degrees < 360; degrees += 15) {
        struct shot shot = usual_shot();
        char what[32];
        shot.at.degrees = degrees + 1.3;
        snprintf(what, sizeof what, "%d degrees", degrees);
        must_read(&shot, (uint64_t)degrees, what);
    }
}

static void test_tilted(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++) {
        struct shot shot = usual_shot();
        shot.at.scale = 1.9;
        shot.at.tilt_x = 0.25 * (i % 3 - 1);
        shot.at.tilt_y = 0.25 * (i / 3 - 1);
        shot.at.degrees = 10 * i;
        must_read(&shot, (uint64_t)i, "tilted");
    }
}

/* The cells of the published table, and harder ones beside them. */
static void test_hard(void **state)
{
    static const struct {
        double scale, blur, noise, contrast;
    } cases[] = {{2, 0.7, 10, 0},  {2, 1, 20, 0},     {2, 1, 30, 0},   {2, 1.5, 10, 0},
                 {3, 1, 50, 0},    {3, 2, 10, 0},     {4, 2.5, 10, 0}, {2, 0.7, 8, 0.2},
                 {3, 0.7, 8, 0.2}, {1.25, 0.5, 5, 0}, {4, 0.7, 10, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (uint64_t number = 0; number < 3; number++) {
            struct shot shot = usual_shot();
            char what[32];
            shot.at.scale = cases[i].scale;
            shot.at.contrast = cases[i].contrast;
            shot.blur = cases[i].blur;
            shot.noise = cases[i].noise;
            snprintf(what, sizeof what, "case %zu", i);
            must_read(&shot, 10 * i + number, what);
        }
}

static void test_light_and_lens(void **state)
{
    (void)state;
    struct shot shot = usual_shot();
    shot.at.gradient = 0.6;
    must_read(&shot, 1, "a gradient");
    shot.at.gradient = 0;
    for (int i = -1; i <= 1; i += 2) { /* 192 x 96 pixels either side: 4 pixels of bow at 5e-7 */
        shot.at.radial = i * 5e-7;
        must_read(&shot, 2, "a lens");
    }
}

static void test_formats(void **state)
{
    static const struct {
        struct matrix_format format;
        unsigned length;
        double scale;
    } cases[] = {
        {{1, 1, 0, MATRIX_VITERBI, false}, 132, 3},
        {{2, 2, 0, MATRIX_VITERBI, false}, 64, 2},
        {{4, 4, 0, MATRIX_VITERBI, false}, 20, 1.5},
        {{1, 2, 4, MATRIX_VITERBI, false}, 100, 3},
        {{1, 2, 0, MATRIX_REED_SOLOMON, false}, 132, 3},
        {{1, 2, 0, MATRIX_REED_SOLOMON, false}, 12, 3},
        {{1, 2, 0, MATRIX_NO_FEC, false}, 132, 4},
        {{1, 2, 0, MATRIX_VITERBI, false}, 10, 1.25},
        {{1, 2, 0, MATRIX_VITERBI, false}, 20, 1.25},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct shot shot = usual_shot();
        char what[32];
        shot.format = cases[i].format;
        shot.length = cases[i].length;
        shot.at.scale = cases[i].scale;
        shot.noise = 5;
        snprintf(what, sizeof what, "format %zu", i);
        must_read(&shot, i, what);
    }
}

static void test_margin(void **state)
{
    (void)state;
    struct shot shot = usual_shot();
    shot.at.tilt_x = shot.at.tilt_y = 0;
    struct decoded decoded = shoot(&shot, 1);
    assert_int_equal(decoded.status, DECODE_OK);
    assert_int_equal(decoded.symbology, SYMBOLOGY_DOT_MATRIX);
    assert_int_equal(decoded.margin.code_bits, 3360);
    assert_true(fabsf(decoded.margin.module_px - 3) < 0.05f);
    assert_true(decoded.margin.contrast > 0.4f && decoded.margin.contrast < 0.8f);
    assert_true(fabsf(decoded.corners[0].x - (321 - 192)) < 0.5f);
    assert_true(fabsf(decoded.corners[2].y - (238 + 96)) < 0.5f);
    shot.noise = 60;
    shot.blur = 1;
    unsigned before = decoded.margin.corrected_bits;
    decoded = shoot(&shot, 1);
    assert_int_equal(decoded.status, DECODE_OK);
    assert_true(decoded.margin.corrected_bits > before);
}

/* So much out of focus that neighbours outshine the cells, or nearly. */
static void test_out_of_focus(void **state)
{
    static const struct {
        double scale, blur, noise;
    } cases[] = {{3, 3, 5}, {3, 2.5, 10}, {2, 1.9, 5}, {1.5, 1.4, 5}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (uint64_t number = 0; number < 3; number++) {
            struct shot shot = usual_shot();
            char what[32];
            shot.at.scale = cases[i].scale;
            shot.blur = cases[i].blur;
            shot.noise = cases[i].noise;
            snprintf(what, sizeof what, "out of focus, case %zu", i);
            must_read(&shot, 10 * i + number, what);
        }
}

/* Frames of one presentation, none of which can be read alone: the hand moves from one to the next,
 * and once turns the token over. */
static void test_several_shots(void **state)
{
    enum { SHOTS = 4 };
    struct decoder *decoder = decoder_new();
    struct code_image image;
    struct decode_rules rules = rules_of(&usual, SIGNATURE);
    char bytes[PAYLOAD_MAX_BYTES + 1];
    struct stream stream = new_stream(77, 30);
    int read = 0;
    (void)state;
    random_payload(&stream, SIGNATURE, ANY_BYTES, bytes);
    image = draw(&usual, bytes, SIGNATURE);
    for (int presentation = 0; presentation < 4; presentation++) {
        struct decoded decoded = {.status = DECODE_NO_SYMBOL};
        for (int i = 0; i < SHOTS; i++) {
            struct frame frame = new_picture(WIDTH, HEIGHT);
            paint_picture(&frame, &image,
                          &(struct picture){.x = 310 + 5.3 * i,
                                            .y = 240 - 3.1 * i,
                                            .scale = 1.25,
                                            .degrees = 2 * i + (i == 2) * 180});
            blur_picture(&frame, 1);
            add_noise(&frame, 36, &stream);
            assert_int_not_equal(read_one(&frame, &rules).status, DECODE_OK);
            if (decoded.status != DECODE_OK)
                (i == 0 ? decoder_read : decoder_more)(decoder, &frame, &rules, &decoded);
            free(frame.pixels);
        }
        if (decoded.status == DECODE_OK)
            assert_memory_equal(decoded.text, bytes, SIGNATURE);
        assert_true(decoded.status != DECODE_OK || decoded.shots > 1);
        read += decoded.status == DECODE_OK;
    }
    decoder_free(decoder);
    assert_int_equal(read, 4);
}

/* The patent's own: read where all is well, by its bright bezel; and any wrong bit is a misread. */
static void test_plain(void **state)
{
    static const unsigned lengths[] = {12, 20, 132};
    struct matrix_format plain = usual;
    (void)state;
    plain.plain = true;
    for (int i = 0; i < 6; i++) {
        struct shot shot = usual_shot();
        shot.format = plain;
        shot.length = lengths[i % 3];
        shot.noise = 3;
        shot.at.degrees = 180 * (i / 3) + 5 * i;
        must_read(&shot, (uint64_t)i, "plain");
    }
}

static void paint_rectangle(struct frame *frame, unsigned left, unsigned top, unsigned width,
                            unsigned height)
{
    for (unsigned y = top; y < top + height; y++)
        memset(frame->pixels + (size_t)y * frame->width + left, 225, width);
}

/* A bright sheet beside the display is no display; two displays that say different things are none;
 * and modules may be too small. */
static void test_plain_among_others(void **state)
{
    struct shot shot = usual_shot();
    char bytes[PAYLOAD_MAX_BYTES + 1];
    (void)state;
    shot.format.plain = true;
    shot.length = 20;
    shot.noise = 3;
    shot.at.scale = 2;
    shot.at.y = 370;
    struct frame frame = take(&shot, 3, bytes);
    paint_rectangle(&frame, 20, 20, 500, 200);
    struct decode_rules rules = rules_of(&shot.format, shot.length);
    struct decoded decoded = read_one(&frame, &rules);
    assert_int_equal(decoded.status, DECODE_OK);
    assert_memory_equal(decoded.text, bytes, 20);
    assert_true(fabsf(decoded.margin.module_px - 2) < 0.1f);
    rules.min_module_px = 3;
    assert_int_equal(read_one(&frame, &rules).status, DECODE_TOO_SMALL);
    rules.min_module_px = 0;
    free(frame.pixels);
    frame = take(&shot, 3, bytes);
    struct stream stream = new_stream(9, 30);
    random_payload(&stream, 20, CHARACTERS, bytes);
    struct code_image other = draw(&shot.format, bytes, 20);
    shot.at.y = 120;
    paint_picture(&frame, &other, &shot.at);
    assert_int_equal(read_one(&frame, &rules).status, DECODE_AMBIGUOUS);
    rules.several = true;
    assert_int_equal(read_one(&frame, &rules).status, DECODE_OK);
    free(frame.pixels);
}

static void test_grade(void **state)
{
    static const char *const names[] = {"symbol contrast",         "modulation",
                                        "axial nonuniformity",     "grid nonuniformity",
                                        "unused error correction", "fixed pattern damage"};
    (void)state;
    struct shot shot = usual_shot();
    shot.at.tilt_x = shot.at.tilt_y = 0;
    shot.noise = 2;
    shot.blur = 0.5;
    struct grade good = shoot(&shot, 1).grade;
    assert_int_equal(good.count, 6);
    for (int i = 0; i < 6; i++)
        assert_string_equal(good.parameters[i].name, names[i]);
    assert_true(fabsf(good.parameters[0].value - 170.0f / 255) < 0.05f); /* 200 and 30 */
    assert_true(good.parameters[2].value < 0.01f && good.parameters[3].value < 0.2f);
    assert_true(good.parameters[4].value > 0.99f && good.parameters[5].value < 0.01f);
    assert_int_equal(grade_letter(good.overall), 'B'); /* for its contrast */
    shot.at.tilt_x = 0.2; /* as far as it goes, that is no fault of the grid */
    struct grade tilted = shoot(&shot, 1).grade;
    assert_true(tilted.parameters[3].value < 0.38f);
    shot.at.radial = 5e-7; /* bows the long sides by 4 pixels of 3 a display pixel */
    struct grade bowed = shoot(&shot, 1).grade;
    assert_true(bowed.parameters[3].value > 0.75f);
    shot.at.radial = 0;
    shot.noise = 40;
    shot.blur = 1.5;
    struct grade bad = shoot(&shot, 1).grade;
    assert_true(bad.parameters[1].value < good.parameters[1].value - 0.2f);
    assert_true(bad.parameters[4].value < 0.9f && bad.overall <= 1);
}

/* ---- what is not ---- */

static void test_refused(void **state)
{
    char bytes[PAYLOAD_MAX_BYTES + 1];
    struct shot shot = usual_shot();
    (void)state;
    shot.length = 14;
    struct frame frame = take(&shot, 3, bytes);
    struct decode_rules rules = rules_of(&usual, 12);
    struct decoded decoded = read_one(&frame, &rules);
    assert_int_equal(decoded.status, DECODE_WRONG_LENGTH);
    assert_string_equal(decoded.text, bytes);
    rules.length = 14;
    rules.min_module_px = 3.5f;
    assert_int_equal(read_one(&frame, &rules).status, DECODE_TOO_SMALL);
    rules.min_module_px = 2.5f;
    assert_int_equal(read_one(&frame, &rules).status, DECODE_OK);
    free(frame.pixels);
    shot.length = SIGNATURE;
    shot.blur = 6;
    assert_int_not_equal(shoot(&shot, 4).status, DECODE_OK);
}

/* Parts of codes: cut off by the frame's edge, or covered. */
static void test_partial(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        struct shot shot = usual_shot();
        shot.at.x += i % 2 ? 220 : -220;
        shot.at.y += 30 * (i / 2);
        shot.at.degrees = 9 * i;
        assert_int_not_equal(shoot(&shot, (uint64_t)i).status, DECODE_OK);
    }
}

static void test_two(void **state)
{
    (void)state;
    for (int same = 0; same < 2; same++) {
        struct frame frame = new_picture(WIDTH, HEIGHT);
        struct decode_rules rules = rules_of(&usual, 12);
        for (int i = 0; i < 2; i++) {
            struct code_image image =
                draw(&usual, i == 0 || same ? "12345\0abcdef" : "12345\0abcdeg", 12);
            paint_picture(&frame, &image,
                          &(struct picture){.x = 320, .y = 120 + 240 * i, .scale = 2.5});
        }
        assert_int_equal(read_one(&frame, &rules).status, same ? DECODE_OK : DECODE_AMBIGUOUS);
        rules.several = true;
        assert_int_equal(read_one(&frame, &rules).status, DECODE_OK);
        free(frame.pixels);
    }
}

/* Frames that hold much that looks like something. */
static void paint_hostile(const struct frame *frame, int kind, struct stream *stream)
{
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            int ring = abs((int)x % 80 - 40) > abs((int)y % 48 - 24) ? abs((int)x % 80 - 40)
                                                                     : abs((int)y % 48 - 24);
            int values[] = {(int)stream_below(stream, 256),
                            (int)(x / 4 + y / 4) % 2 * 255,
                            ring / 2 % 2 * 255,
                            (int)(x ^ y) & 255,
                            (int)(x * x + y * y) / 97 % 256,
                            x % 80 < 3 || y % 48 < 3 ? 255 : 0,
                            (int)((x / 3) % 2 & (y / 3) % 2) * 255};
            frame->pixels[(size_t)y * frame->stride + x] = (uint8_t)values[kind];
        }
}

static void test_hostile(void **state)
{
    struct frame frame = new_picture(1600, 1200);
    struct stream stream = new_stream(1, 31);
    (void)state;
    for (int kind = 0; kind < 7; kind++) {
        struct decode_rules rules = rules_of(&usual, 0);
        paint_hostile(&frame, kind, &stream);
        assert_int_not_equal(read_one(&frame, &rules).status, DECODE_OK);
        rules.budget_ms = 0.5;
        assert_int_equal(read_one(&frame, &rules).status, DECODE_OVER_BUDGET);
    }
    for (unsigned size = 0; size < 130; size += 13) {
        struct frame small = {size, size, size, frame.pixels};
        struct decode_rules rules = rules_of(&usual, 0);
        assert_int_not_equal(read_one(&small, &rules).status, DECODE_OK);
    }
    free(frame.pixels);
}

/* A decoder that has read something else gives the same answer to the last bit. */
static void test_order_does_not_matter(void **state)
{
    enum { FRAMES = 4 };
    struct frame frames[FRAMES];
    struct decoder *decoder = decoder_new();
    struct decode_rules rules = rules_of(&usual, SIGNATURE);
    (void)state;
    for (int i = 0; i < FRAMES; i++) {
        char bytes[PAYLOAD_MAX_BYTES + 1];
        struct shot shot = usual_shot();
        shot.blur = 0.7 + 0.8 * i;
        shot.at.degrees = 50 * i;
        frames[i] = take(&shot, (uint64_t)i, bytes);
    }
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < FRAMES; i++) {
            int which = (i * (round + 1) + round) % FRAMES;
            struct decoded fresh = read_one(&frames[which], &rules), used;
            decoder_read(decoder, &frames[which], &rules, &used);
            assert_memory_equal(&fresh, &used, sizeof used);
        }
    for (int i = 0; i < FRAMES; i++)
        free(frames[i].pixels);
    decoder_free(decoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turned),       cmocka_unit_test(test_tilted),
        cmocka_unit_test(test_hard),         cmocka_unit_test(test_light_and_lens),
        cmocka_unit_test(test_formats),      cmocka_unit_test(test_margin),
        cmocka_unit_test(test_out_of_focus), cmocka_unit_test(test_several_shots),
        cmocka_unit_test(test_plain),        cmocka_unit_test(test_plain_among_others),
        cmocka_unit_test(test_grade),        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_partial),      cmocka_unit_test(test_two),
        cmocka_unit_test(test_hostile),      cmocka_unit_test(test_order_does_not_matter),
    };
    return cmocka_run_group_tests_name("dot_matrix", tests, NULL, NULL);
}
