/* Frames of the grid that a build has lost once, read by the rules of a bank. */
#include "bench/degrade.h"
#include "bench/subjects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct cell *find_cell(const char *path)
{
    for (size_t i = 0; i < cell_count; i++) {
        char name[CELL_PATH_BYTES];
        cell_path(&cells[i], name);
        if (strcmp(name, path) == 0)
            return &cells[i];
    }
    fail_msg("there is no cell %s", path);
    return NULL;
}

/* How many of the cell's first frames are read rightly; none may be read wrongly. */
static unsigned read_first(const char *path, unsigned count)
{
    const struct cell *cell = find_cell(path);
    struct degrader *degrader = degrader_new(cell->size);
    struct decoder *decoder = decoder_new();
    unsigned width, height, right = 0;
    size_pixels(cell->size, &width, &height);
    struct frame frame = batch_frame_new(width, height);
    for (unsigned i = 0; i < count; i++) {
        struct answer truth, said;
        struct decoded decoded;
        degrader_make(degrader, cell, i, &frame, &truth);
        struct decode_rules rules = subject_rules(cell->symbol, truth.length);
        decoder_read(decoder, &frame, &rules, &decoded);
        if (decoded.status != DECODE_OK)
            continue;
        answer_set(&said, decoded.text, decoded.length);
        assert_true(answer_same(&said, &truth));
        right++;
    }
    free(frame.pixels);
    decoder_free(decoder);
    degrader_free(degrader);
    return right;
}

/* One finder pattern lies in a reflection; 4 of these were lost. */
static void qr_codes_in_a_glare(void **state)
{
    (void)state;
    assert_int_equal(read_first("qr/signed/light/glare", 16), 16);
}

/* Refused by their edges, read by likelihood. */
static void blurred_barcodes(void **state)
{
    (void)state;
    assert_int_equal(read_first("code128/vga/blur/2", 16), 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(qr_codes_in_a_glare),
        cmocka_unit_test(blurred_barcodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
