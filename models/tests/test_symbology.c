/*
 * The decoder: what it reads, what it refuses, and that its answers depend on the frame alone.
 *
 * Frames are painted here, without the camera model, so that a mistake there cannot hide one here.
 * All chance comes from fixed seeds, so nothing here can fail by luck once it has passed.
 */
#include "code128_table.h"
#include "engine/random.h"
#include "symbology/book.h"
#include "symbology/check_digits.h"
#include "symbology/itf.h"
#include "symbology/symbology.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct code_image draw(const char *text, unsigned width, unsigned height)
{
    struct code_image image;
    struct error error = {""};
    if (!symbology_draw(&(struct code_format){.symbology = SYMBOLOGY_CODE128}, text, strlen(text),
                        width, height, &image, &error))
        fail_msg("%s", error.text);
    return image;
}

/* ---- painting frames ---- */

enum { BRIGHT = 210, DARK = 40 };

static struct frame new_frame(unsigned width, unsigned height, unsigned stride)
{
    struct frame frame = {width, height, stride, malloc((size_t)stride * height + 1)};
    assert_non_null(frame.pixels);
    memset(frame.pixels, BRIGHT, (size_t)stride * height);
    return frame;
}

struct placing {
    double x, y;    /* of the image's centre, pixels */
    double scale;   /* pixels a display pixel */
    double degrees; /* clockwise */
};

/* Paints a code image over what is there, 9 samples a pixel. */
static void paint(const struct frame *frame, const struct code_image *image, struct placing at)
{
    double c = cos(at.degrees * 3.14159265358979 / 180) / at.scale;
    double s = sin(at.degrees * 3.14159265358979 / 180) / at.scale;
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            int inside = 0, dark = 0;
            for (int i = 0; i < 9; i++) {
                double u = x + (i % 3 + 0.5) / 3 - at.x, v = y + (i / 3 + 0.5) / 3 - at.y;
                double column = floor(c * u + s * v + image->width / 2.0);
                double row = floor(c * v - s * u + image->height / 2.0);
                if (column < 0 || row < 0 || column >= image->width || row >= image->height)
                    continue;
                inside++;
                dark += code_image_dark(image, (unsigned)column, (unsigned)row);
            }
            if (inside > 0)
                frame->pixels[(size_t)y * frame->stride + x] =
                    (uint8_t)(BRIGHT - (BRIGHT - DARK) * dark / 9);
        }
}

static void add_noise(const struct frame *frame, double sd, struct stream *stream)
{
    for (unsigned y = 0; y < frame->height; y++)
        for (unsigned x = 0; x < frame->width; x++) {
            uint8_t *pixel = &frame->pixels[(size_t)y * frame->stride + x];
            double value = floor(*pixel + stream_normal(stream, 0, sd) + 0.5);
            *pixel = (uint8_t)fmin(fmax(value, 0), 255);
        }
}

/* Means of 3 x 3 pixels, `passes` times. */
static void blur(const struct frame *frame, int passes)
{
    size_t bytes = (size_t)frame->stride * frame->height;
    uint8_t *before = malloc(bytes);
    assert_non_null(before);
    while (passes-- > 0) {
        memcpy(before, frame->pixels, bytes);
        for (unsigned y = 1; y + 1 < frame->height; y++)
            for (unsigned x = 1; x + 1 < frame->width; x++) {
                const uint8_t *p = before + (size_t)y * frame->stride + x;
                unsigned sum = 4;
                for (int dy = -1; dy <= 1; dy++)
                    for (int dx = -1; dx <= 1; dx++)
                        sum += p[dy * (int)frame->stride + dx];
                frame->pixels[(size_t)y * frame->stride + x] = (uint8_t)(sum / 9);
            }
    }
    free(before);
}

static void random_digits(struct stream *stream, unsigned count, char *text)
{
    for (unsigned i = 0; i < count; i++)
        text[i] = (char)('0' + stream_below(stream, 10));
    text[count] = '\0';
}

static struct stream new_stream(uint64_t entity, uint16_t purpose)
{
    struct stream stream;
    stream_init(&stream, (struct stream_key){.seed = 2026, .entity = entity, .purpose = purpose});
    return stream;
}

static float left(const struct decoded *decoded)
{
    return fminf(decoded->corners[0].x, decoded->corners[3].x);
}

static float right(const struct decoded *decoded)
{
    return fmaxf(decoded->corners[1].x, decoded->corners[2].x);
}

static float top(const struct decoded *decoded)
{
    return fminf(decoded->corners[0].y, decoded->corners[1].y);
}

static float bottom(const struct decoded *decoded)
{
    return fmaxf(decoded->corners[2].y, decoded->corners[3].y);
}

static struct decoded read_once(const struct frame *frame, unsigned length)
{
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    decoder_read(decoder, frame,
                 &(struct decode_rules[]){decode_rules_strict(SYMBOLOGY_CODE128, length)}[0],
                 &decoded);
    decoder_free(decoder);
    return decoded;
}

static void assert_reads(const struct frame *frame, const char *text)
{
    struct decoded decoded = read_once(frame, (unsigned)strlen(text));
    assert_string_equal(decode_status_name(decoded.status), "decoded");
    assert_string_equal(decoded.text, text);
    assert_true(decoded.margin.lines >= 2);
}

/* ---- reading ---- */

static void clean_codes_are_read(void **state)
{
    (void)state;
    struct decoder *decoder = decoder_new();
    struct frame frame = new_frame(128 * 3 + 60, 64 * 3 + 40, 128 * 3 + 60);
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 12);
    for (unsigned i = 0; i < 1000; i++) {
        struct stream stream = new_stream(i, 1);
        char text[16];
        random_digits(&stream, 12, text);
        struct code_image image = draw(text, 128, 64);
        for (unsigned y = 0; y < 64 * 3; y++)
            for (unsigned x = 0; x < 128 * 3; x++)
                frame.pixels[(y + 20) * frame.stride + x + 30] =
                    code_image_dark(&image, x / 3, y / 3) ? DARK : BRIGHT;
        struct decoded decoded;
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_int_equal(decoded.status, DECODE_OK);
        assert_string_equal(decoded.text, text);
        assert_int_equal(decoded.step, 0);
        assert_int_equal(decoded.margin.lines, 5);
        assert_true(fabsf(decoded.margin.module_px - 3) < 0.02);
        assert_true(fabsf(decoded.margin.contrast - (BRIGHT - DARK) / 255.0f) < 0.01);
        assert_true(decoded.margin.off_modules < 0.1);
        assert_int_equal(decoded.grade.count, 6);
        assert_true(decoded.grade.overall == 3); /* for a contrast of 170 / 255 = 0.667 */
        /* 101 modules of 3 pixels from 30 + 13 x 3. */
        assert_true(fabsf(left(&decoded) - 69) < 1 && fabsf(right(&decoded) - 372) < 1);
        assert_true(top(&decoded) >= 10 && top(&decoded) < 45);
        assert_true(bottom(&decoded) > 180 && bottom(&decoded) <= 232);
    }
    free(frame.pixels);
    decoder_free(decoder);
}

static float graded(const struct decoded *decoded, const char *name, float *value)
{
    for (unsigned i = 0; i < decoded->grade.count; i++)
        if (strcmp(decoded->grade.parameters[i].name, name) == 0) {
            *value = decoded->grade.parameters[i].value;
            return decoded->grade.parameters[i].grade;
        }
    fail_msg("%s is not graded", name);
    return 0;
}

/* Grades fall with what they are of: less contrast, blurred bars, a spot on a bar. */
static void grades_follow_the_standard(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        float value, grade;
    } worst[] = {{"symbol contrast", 170 / 255.0f, 3},
                 {"symbol contrast", 57 / 255.0f, 1},
                 {"modulation", 0.26f, 0},
                 {"defects", 15 / 170.0f, 4}};
    for (int kind = 0; kind < 4; kind++) {
        struct frame frame = new_frame(420, 200, 420);
        struct code_image image = draw("12345678901234", 128, 64);
        paint(&frame, &image, (struct placing){210, 100, 3, 0});
        for (size_t i = 0; kind == 1 && i < (size_t)420 * 200; i++)
            frame.pixels[i] = (uint8_t)(60 + frame.pixels[i] / 3);
        blur(&frame, kind == 2 ? 4 : 0);
        for (unsigned y = 0; kind == 3 && y < 200; y++) /* in a bar of the stop, 3 modules wide */
            frame.pixels[y * 420 + 357] = DARK + 15;
        struct decoded decoded = read_once(&frame, 14);
        float value = 0;
        assert_int_equal(decoded.status, DECODE_OK);
        float grade = graded(&decoded, worst[kind].name, &value);
        assert_true(grade == worst[kind].grade && decoded.grade.overall <= grade);
        assert_true(fabsf(value - worst[kind].value) < 0.02f);
        free(frame.pixels);
    }
}

static void length_must_match(void **state)
{
    (void)state;
    struct frame frame = new_frame(420, 200, 420);
    struct code_image image = draw("12345678901234", 128, 64);
    paint(&frame, &image, (struct placing){210, 100, 3, 0});
    struct decoded decoded = read_once(&frame, 12);
    assert_int_equal(decoded.status, DECODE_WRONG_LENGTH);
    assert_string_equal(decoded.text, "12345678901234");
    assert_int_equal(read_once(&frame, 16).status, DECODE_WRONG_LENGTH);
    assert_int_equal(read_once(&frame, 14).status, DECODE_OK);
    assert_int_equal(read_once(&frame, 0).status, DECODE_OK);
    free(frame.pixels);
}

/* A symbol in set B, drawn by the table above. */
static struct code_image set_b_image(const char *text)
{
    char modules[1024];
    reference_modules(text, false, modules);
    struct code_image image = {.width = (uint16_t)strlen(modules), .height = 64, .module_px = 1};
    for (unsigned y = 0; y < 64; y++)
        for (unsigned x = 0; x < image.width; x++)
            if (modules[x] == '1')
                image.bits[y][x / 8] |= (uint8_t)(0x80 >> x % 8);
    return image;
}

static void letters_are_refused(void **state)
{
    (void)state;
    struct frame frame = new_frame(640, 200, 640);
    struct code_image image = set_b_image("12345X");
    paint(&frame, &image, (struct placing){320, 100, 3, 0});
    struct decoded decoded = read_once(&frame, 6);
    assert_int_equal(decoded.status, DECODE_WRONG_ALPHABET);
    assert_string_equal(decoded.text, "12345X");
    free(frame.pixels);
}

/* The bank issues set C only. */
static void digits_of_another_set_are_refused(void **state)
{
    (void)state;
    struct frame frame = new_frame(640, 200, 640);
    struct code_image image = set_b_image("123456");
    paint(&frame, &image, (struct placing){320, 100, 3, 0});
    struct decoded decoded = read_once(&frame, 6);
    assert_int_equal(decoded.status, DECODE_WRONG_ALPHABET);
    assert_string_equal(decoded.text, "123456");
    free(frame.pixels);
}

static void two_codes_are_ambiguous(void **state)
{
    (void)state;
    struct frame frame = new_frame(420, 400, 420);
    struct code_image first = draw("12345678901234", 128, 64);
    struct code_image second = draw("12345678901235", 128, 64);
    paint(&frame, &first, (struct placing){210, 100, 3, 0});
    paint(&frame, &second, (struct placing){210, 300, 3, 0});
    struct decoded decoded = read_once(&frame, 14);
    assert_int_equal(decoded.status, DECODE_AMBIGUOUS);
    assert_string_equal(decoded.text, "");
    paint(&frame, &first, (struct placing){210, 300, 3, 0});
    assert_reads(&frame, "12345678901234"); /* the same string twice is one answer */
    free(frame.pixels);
}

static void noise_is_not_read(void **state)
{
    (void)state;
    struct decoder *decoder = decoder_new();
    struct frame frame = new_frame(320, 240, 320);
    for (unsigned i = 0; i < 300; i++) { /* 300 frames, noise of 5, 30 and 80 DN */
        struct stream stream = new_stream(i, 2);
        memset(frame.pixels, 128, (size_t)320 * 240);
        add_noise(&frame, i % 3 == 0 ? 5 : i % 3 == 1 ? 30 : 80, &stream);
        struct decoded decoded;
        decoder_read(decoder, &frame,
                     &(struct decode_rules[]){decode_rules_strict(SYMBOLOGY_CODE128, 0)}[0],
                     &decoded);
        assert_int_equal(decoded.status, DECODE_NO_SYMBOL);
        assert_string_equal(decoded.text, "");
    }
    free(frame.pixels);
    decoder_free(decoder);
}

static void hard_frames_are_read(void **state)
{
    (void)state;
    static const struct {
        double scale, degrees, noise;
        int blur;
    } cases[] = {
        {3, 0, 2, 0},   {3, 0, 2, 2},   {3, 0, 20, 0}, {3, 0, 40, 0},   {3, 8, 2, 0},
        {3, -15, 2, 0}, {3, 30, 2, 0},  {3, 45, 2, 0}, {3, -60, 10, 0}, {3, 90, 2, 0},
        {3, 180, 2, 0}, {3, 270, 2, 1}, {2, 3, 5, 0},  {2, 183, 5, 0},  {1.6, 0, 2, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stream stream = new_stream(i, 3);
        char text[16];
        random_digits(&stream, 14, text);
        struct frame frame = new_frame(480, 460, 480);
        struct code_image image = draw(text, 128, 64);
        paint(&frame, &image, (struct placing){240.3, 229.8, cases[i].scale, cases[i].degrees});
        blur(&frame, cases[i].blur);
        add_noise(&frame, cases[i].noise, &stream);
        assert_reads(&frame, text);
        free(frame.pixels);
    }
}

/* What a word looks like to the reader is what libzint draws, and the standard says. */
static void words_are_those_of_the_standard(void **state)
{
    (void)state;
    for (unsigned word = 0; word < BOOK_MAX_WORDS; word++) {
        char modules[32] = "";
        append_pattern(modules, word);
        for (unsigned i = 0; i < 11; i++)
            assert_int_equal(book_code128.word[word] >> (10 - i) & 1, modules[i] == '1');
    }
    for (unsigned pair = 0; pair < BOOK_PAIRS; pair++) {
        char text[3] = {(char)('0' + pair / 10), (char)('0' + pair % 10), '\0'};
        struct bars bars;
        assert_true(itf_draw(text, &bars, NULL));
        assert_int_equal(bars.count, 4 + 18 + 5);
        for (unsigned i = 0; i < 18; i++)
            assert_int_equal(book_itf.word[pair] >> (17 - i) & 1, bars.dark[4 + i]);
    }
}

static void itf_is_read(void **state)
{
    (void)state;
    static const struct {
        double scale, degrees, noise;
        int blur;
    } cases[] = {{3, 0, 2, 0},   {3, 10, 2, 0},  {3, -20, 2, 0}, {3, 45, 2, 0}, {3, 90, 2, 0},
                 {3, 180, 2, 0}, {3, 202, 5, 0}, {2, 3, 5, 0},   {3, 4, 30, 0}, {3, 1, 2, 4}};
    struct decoder *decoder = decoder_new();
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_ITF, 12);
    for (size_t i = 0; i < 10 * sizeof cases / sizeof cases[0]; i++) {
        struct stream stream = new_stream(i, 5);
        char text[16];
        random_digits(&stream, 12, text);
        struct frame frame = new_frame(480, 460, 480);
        struct code_image image;
        assert_true(symbology_draw(&(struct code_format){.symbology = SYMBOLOGY_ITF}, text, 12, 128,
                                   64, &image, NULL));
        paint(&frame, &image,
              (struct placing){240.3, 229.8, cases[i / 10].scale, cases[i / 10].degrees});
        blur(&frame, cases[i / 10].blur);
        add_noise(&frame, cases[i / 10].noise, &stream);
        struct decoded decoded;
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_string_equal(decode_status_name(decoded.status), "decoded");
        assert_string_equal(decoded.text, text);
        assert_int_equal(decoded.symbology, SYMBOLOGY_ITF);
        free(frame.pixels);
    }
    decoder_free(decoder);
}

/* Lines that leave the symbol early must not pass for a shorter one. */
static void a_part_of_itf_is_no_number(void **state)
{
    (void)state;
    struct decoder *decoder = decoder_new();
    for (unsigned i = 0; i < 60; i++) {
        /* Of what is cut off, only the length tells. */
        struct decode_rules rules = decode_rules_strict(SYMBOLOGY_ITF, i % 2 ? 12 : 0);
        struct stream stream = new_stream(i, 6);
        char text[16];
        random_digits(&stream, 12, text);
        struct frame frame = new_frame(480, 460, 480);
        struct code_image image;
        assert_true(symbology_draw(&(struct code_format){.symbology = SYMBOLOGY_ITF}, text, 12, 128,
                                   64, &image, NULL));
        double degrees = 30 * stream_uniform(&stream) - 15;
        paint(&frame, &image, (struct placing){240, 230, 3, degrees});
        unsigned cut = 200 + stream_below(&stream, 60); /* all that is right of it is bright */
        for (unsigned y = 0; i % 2 && y < frame.height; y++)
            memset(frame.pixels + (size_t)y * frame.stride + cut, BRIGHT, frame.width - cut);
        struct decoded decoded;
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_true(decoded.status != DECODE_OK || strcmp(decoded.text, text) == 0);
        assert_true(i % 2 || decoded.status == DECODE_OK);
        free(frame.pixels);
    }
    decoder_free(decoder);
}

/* Far beyond what edges tell: five and eight means of 3 x 3 pixels at 2 pixels a module, noise as
 * strong as the contrast, modules hardly wider than a pixel. */
static void frames_without_edges_are_read(void **state)
{
    (void)state;
    static const struct {
        double scale, degrees, noise;
        int blur;
    } cases[] = {{2, 2, 2, 5}, {2, 183, 2, 5}, {3, -7, 2, 9}, {3, 2, 100, 0}, {1.15, 4, 2, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stream stream = new_stream(i, 7);
        char text[16];
        random_digits(&stream, 14, text);
        struct frame frame = new_frame(480, 460, 480);
        struct code_image image = draw(text, 128, 64);
        paint(&frame, &image, (struct placing){240.3, 229.8, cases[i].scale, cases[i].degrees});
        blur(&frame, cases[i].blur);
        add_noise(&frame, cases[i].noise, &stream);
        assert_reads(&frame, text);
        free(frame.pixels);
    }
}

/* Modules of 0.7 pixels (which no rule would trust): some are read of eight shots of which none is
 * read alone. */
static void several_shots_tell_more(void **state)
{
    (void)state;
    enum { TRIES = 16, SHOTS = 8 };
    struct decoder *decoder = decoder_new(), *other = decoder_new();
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 14);
    rules.min_module_px = 0;
    unsigned more = 0, less = 0;
    for (unsigned i = 0; i < TRIES; i++) {
        struct stream stream = new_stream(i, 9);
        char text[16];
        random_digits(&stream, 14, text);
        struct code_image image = draw(text, 128, 64);
        struct decoded together = {.status = DECODE_NO_SYMBOL}, alone;
        bool any = false;
        for (unsigned shot = 0; shot < SHOTS; shot++) {
            struct frame frame = new_frame(220, 160, 220);
            paint(&frame, &image, (struct placing){110 + 0.3 * shot, 80, 0.7, 0.8 * shot});
            blur(&frame, 1);
            add_noise(&frame, 10, &stream);
            decoder_read(other, &frame, &rules, &alone);
            any = any || alone.status == DECODE_OK;
            if (together.status != DECODE_OK)
                (shot == 0 ? decoder_read : decoder_more)(decoder, &frame, &rules, &together);
            free(frame.pixels);
        }
        if (together.status == DECODE_OK)
            assert_string_equal(together.text, text);
        more += together.status == DECODE_OK && !any;
        less += together.status != DECODE_OK && any;
    }
    assert_true(more >= 2 && more > less);
    decoder_free(other);
    decoder_free(decoder);
}

/* Everywhere something that looks like bars; every frame of 2 million pixels ends within its
 * budget, or says that it did not. */
static void hostile_frames_end(void **state)
{
    (void)state;
    struct decoder *decoder = decoder_new();
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 0);
    struct frame frame = new_frame(1600, 1250, 1600);
    for (unsigned kind = 0; kind < 6; kind++) {
        struct stream stream = new_stream(kind, 8);
        for (unsigned y = 0; y < frame.height; y++)
            for (unsigned x = 0; x < frame.width; x++) {
                unsigned wave = kind == 0   ? x / 2
                                : kind == 1 ? x / 3 + y / 3
                                : kind == 2 ? (x + y) / 5
                                : kind == 3 ? x / (2 + y / 100)
                                : kind == 4 ? x * x / 3000 + (y / 90) * (x / 7)
                                            : stream_below(&stream, 2);
                frame.pixels[(size_t)y * frame.stride + x] = wave % 2 ? BRIGHT : DARK;
            }
        struct decoded decoded;
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_int_not_equal(decoded.status, DECODE_OK);
    }
    free(frame.pixels);
    decoder_free(decoder);
}

static void box_follows_a_turned_code(void **state)
{
    (void)state;
    struct frame frame = new_frame(480, 460, 480);
    struct code_image image = draw("12345678901234", 128, 64);
    paint(&frame, &image, (struct placing){240, 230, 3, 90});
    struct decoded decoded = read_once(&frame, 14);
    assert_int_equal(decoded.status, DECODE_OK);
    assert_true(fabsf(top(&decoded) - 62) < 6 && fabsf(bottom(&decoded) - 398) < 6);
    assert_true(left(&decoded) > 130 && left(&decoded) < 190);
    assert_true(right(&decoded) > 290 && right(&decoded) < 350);
    free(frame.pixels);
}

/* ---- independence, sizes ---- */

/* A frame that is read easily, hardly or not at all, by its number. */
static struct frame mixed_frame(unsigned number)
{
    struct stream stream = new_stream(number, 4);
    char text[16];
    random_digits(&stream, 14, text);
    struct frame frame = new_frame(400, 240, 400);
    struct code_image image = draw(text, 128, 64);
    double scale = 0.7 + 1.7 * stream_uniform(&stream);
    double degrees = 40 * stream_uniform(&stream) - 20;
    paint(&frame, &image, (struct placing){200, 120, scale, degrees});
    add_noise(&frame, 150 * stream_uniform(&stream), &stream);
    return frame;
}

static void answers_do_not_depend_on_order(void **state)
{
    (void)state;
    enum { FRAMES = 60 };
    struct decoder *decoder = decoder_new();
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 14);
    struct frame frames[FRAMES];
    struct decoded alone[FRAMES];
    int read = 0;
    for (unsigned i = 0; i < FRAMES; i++) {
        frames[i] = mixed_frame(i);
        alone[i] = read_once(&frames[i], 14);
        read += alone[i].status == DECODE_OK;
    }
    assert_in_range(read, 10, FRAMES - 10); /* or the frames would show little */
    for (unsigned i = 0; i < FRAMES; i++) {
        unsigned j = (i * 7 + 3) % FRAMES;
        const unsigned order[] = {i, j, i, j, i, i};
        for (size_t k = 0; k < sizeof order / sizeof order[0]; k++) {
            struct decoded decoded;
            memset(&decoded, (int)k, sizeof decoded);
            decoder_read(decoder, &frames[order[k]], &rules, &decoded);
            assert_memory_equal(&decoded, &alone[order[k]], sizeof decoded);
        }
    }
    for (unsigned i = 0; i < FRAMES; i++)
        free(frames[i].pixels);
    decoder_free(decoder);
}

static void stride_is_respected(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        struct frame narrow = mixed_frame(i);
        struct frame wide = new_frame(narrow.width, narrow.height, narrow.width + 37);
        for (unsigned y = 0; y < wide.height; y++) {
            uint8_t *row = wide.pixels + (size_t)y * wide.stride;
            memcpy(row, narrow.pixels + (size_t)y * narrow.stride, narrow.width);
            memset(row + wide.width, y % 2 ? 255 : 0, 37); /* must not be looked at */
        }
        struct decoded a = read_once(&narrow, 14), b = read_once(&wide, 14);
        assert_memory_equal(&a, &b, sizeof a);
        free(narrow.pixels);
        free(wide.pixels);
    }
}

static void tiny_frames_hold_nothing(void **state)
{
    (void)state;
    static const unsigned sizes[][2] = {{0, 0}, {0, 5}, {5, 0},   {1, 1},   {1, 2},   {3, 1},
                                        {1, 3}, {3, 3}, {2, 700}, {700, 1}, {700, 2}, {17, 17}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct frame frame = new_frame(sizes[i][0], sizes[i][1], sizes[i][0]);
        for (size_t j = 0; j < (size_t)frame.width * frame.height; j++)
            frame.pixels[j] = (uint8_t)(j * 97);
        assert_int_equal(read_once(&frame, 12).status, DECODE_NO_SYMBOL);
        free(frame.pixels);
    }
    struct frame nothing = {0, 0, 0, NULL};
    assert_int_equal(read_once(&nothing, 12).status, DECODE_NO_SYMBOL);
    struct frame endless = {4000000, 1, 4000000, NULL}; /* refused before it is looked at */
    assert_int_equal(read_once(&endless, 12).status, DECODE_NO_SYMBOL);
}

static void a_large_photograph_is_read(void **state)
{
    (void)state;
    struct frame small = new_frame(500, 375, 500), large = new_frame(4000, 3000, 4003);
    struct code_image image = draw("98765432109876", 128, 64);
    paint(&small, &image, (struct placing){250, 190, 2.5, 10});
    for (unsigned y = 0; y < 3000; y++)
        for (unsigned x = 0; x < 4000; x++)
            large.pixels[(size_t)y * 4003 + x] = small.pixels[y / 8 * 500 + x / 8];
    assert_reads(&large, "98765432109876");
    struct decoded decoded = read_once(&large, 14);
    assert_true(left(&decoded) > 500 && left(&decoded) < 1200);
    assert_true(right(&decoded) > 2900 && right(&decoded) < 3500);
    free(small.pixels);
    free(large.pixels);
}

static void statuses_have_names(void **state)
{
    (void)state;
    assert_string_equal(decode_status_name(DECODE_OK), "decoded");
    assert_string_equal(decode_status_name(DECODE_AMBIGUOUS), "ambiguous");
    assert_string_equal(decode_status_text(DECODE_NO_SYMBOL), "no symbol found in the frame");
    assert_string_equal(symbology_names[SYMBOLOGY_CODE128], "code128");
    assert_null(symbology_names[SYMBOLOGY_COUNT]);
}

/* ISO 7064's own example is 794 with 44; an account number of the ECBS's IBAN standard has its
 * check digits moved to the end. */
static void check_digits_are_known(void **state)
{
    (void)state;
    char check[CHECK_DIGITS];
    assert_true(check_digits_of("794", 3, check));
    assert_memory_equal(check, "44", CHECK_DIGITS);
    assert_true(check_digits_fit("79444", 5));
    assert_true(
        check_digits_fit("3214282912345698765432161182", 28)); /* GB82 WEST 1234 5698 7654 32 */
    assert_false(check_digits_of("79a", 3, check));
    assert_false(check_digits_fit("44", 2));
    for (unsigned i = 0; i < 5; i++)
        for (char digit = '0'; digit <= '9'; digit++) {
            char wrong[] = "79444";
            if (wrong[i] == digit)
                continue;
            wrong[i] = digit;
            assert_false(check_digits_fit(wrong, 5));
        }
}

static void codes_with_wrong_check_digits_are_refused(void **state)
{
    (void)state;
    static const struct code_format checked = {.symbology = SYMBOLOGY_CODE128,
                                               .check_digits = true};
    static const struct code_format plain = {.symbology = SYMBOLOGY_CODE128};
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 12);
    rules.check_digits = true;
    struct frame frame = new_frame(420, 200, 420);
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    struct code_image image;
    assert_true(symbology_draw(&checked, "123456789012", 12, 128, 64, &image, NULL));
    paint(&frame, &image, (struct placing){210, 100, 3, 0});
    decoder_read(decoder, &frame, &rules, &decoded);
    assert_int_equal(decoded.status, DECODE_OK);
    assert_int_equal(decoded.length, 12);
    assert_string_equal(decoded.text, "123456789012");
    assert_true(symbology_draw(&plain, "12345678901234", 14, 128, 64, &image, NULL));
    paint(&frame, &image, (struct placing){210, 100, 3, 0});
    decoder_read(decoder, &frame, &rules, &decoded);
    assert_int_equal(decoded.status, DECODE_WRONG_CHECK);
    decoder_free(decoder);
    free(frame.pixels);
}

/* Whichever family of readers sees them, and in whichever order. */
static void three_strings_are_ambiguous(void **state)
{
    (void)state;
    static const struct code_format formats[] = {
        {.symbology = SYMBOLOGY_CODE128}, {.symbology = SYMBOLOGY_QR}, {.symbology = SYMBOLOGY_QR}};
    static const char *const texts[] = {"123456789012", "210987654321", "555555555555"};
    struct frame frame = new_frame(1300, 260, 1300);
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 12);
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    rules.symbologies = 1u << SYMBOLOGY_CODE128 | 1u << SYMBOLOGY_QR;
    for (unsigned i = 0; i < 3; i++) {
        struct code_image image;
        assert_true(symbology_draw(&formats[i], texts[i], 12, 128, 64, &image, NULL));
        paint(&frame, &image, (struct placing){220 + 430 * (float)i, 130, 3, 0});
        decoder_read(decoder, &frame, &rules, &decoded);
        assert_int_equal(decoded.status, i == 0 ? DECODE_OK : DECODE_AMBIGUOUS);
    }
    decoder_free(decoder);
    free(frame.pixels);
}

/* A frame beyond two megapixels is read at half its size; its modules are still measured in its own
 * pixels. */
static void modules_are_of_the_frames_own_pixels(void **state)
{
    (void)state;
    struct frame frame = new_frame(2400, 1200, 2400);
    struct code_image image = draw("123456789012", 128, 64);
    struct decode_rules rules = decode_rules_strict(SYMBOLOGY_CODE128, 12);
    struct decoder *decoder = decoder_new();
    struct decoded decoded;
    paint(&frame, &image, (struct placing){1200, 600, 4, 0});
    rules.min_module_px = 3;
    decoder_read(decoder, &frame, &rules, &decoded);
    assert_int_equal(decoded.status, DECODE_OK);
    rules.min_module_px = 5;
    decoder_read(decoder, &frame, &rules, &decoded);
    assert_int_equal(decoded.status, DECODE_TOO_SMALL);
    decoder_free(decoder);
    free(frame.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_codes_are_read),
        cmocka_unit_test(grades_follow_the_standard),
        cmocka_unit_test(length_must_match),
        cmocka_unit_test(letters_are_refused),
        cmocka_unit_test(digits_of_another_set_are_refused),
        cmocka_unit_test(two_codes_are_ambiguous),
        cmocka_unit_test(noise_is_not_read),
        cmocka_unit_test(hard_frames_are_read),
        cmocka_unit_test(words_are_those_of_the_standard),
        cmocka_unit_test(itf_is_read),
        cmocka_unit_test(a_part_of_itf_is_no_number),
        cmocka_unit_test(frames_without_edges_are_read),
        cmocka_unit_test(several_shots_tell_more),
        cmocka_unit_test(hostile_frames_end),
        cmocka_unit_test(box_follows_a_turned_code),
        cmocka_unit_test(answers_do_not_depend_on_order),
        cmocka_unit_test(stride_is_respected),
        cmocka_unit_test(tiny_frames_hold_nothing),
        cmocka_unit_test(a_large_photograph_is_read),
        cmocka_unit_test(statuses_have_names),
        cmocka_unit_test(check_digits_are_known),
        cmocka_unit_test(codes_with_wrong_check_digits_are_refused),
        cmocka_unit_test(three_strings_are_ambiguous),
        cmocka_unit_test(modules_are_of_the_frames_own_pixels),
    };
    return cmocka_run_group_tests_name("symbology", tests, NULL, NULL);
}
