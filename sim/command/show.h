/*
 * cashpoint show: what its kinds of picture share.
 */
#ifndef CASHPOINT_SHOW_H
#define CASHPOINT_SHOW_H

#include "command.h"
#include "experiment/scenario.h"
#include "pipeline.h"
#include "settings.h"

struct show {
    struct scenario scenario;
    const struct settings *settings; /* without the sweep */
    const char *out;
    struct token_code code;
    int64_t seed, shots; /* a cell of a gallery */
    bool only_rows;      /* a gallery's one axis runs down */
};

/* Writes the PNG and says so. */
enum exit_code show_save(const char *path, const struct frame *frame);

/* Presentation `number` of these settings, its conditions drawn, not yet evaluated. The same number
 * draws the same hand under any settings. */
struct shot show_shot(const struct show *show, const struct settings *settings, unsigned number);

/* The kinds. */
enum exit_code show_code(const struct show *show);
enum exit_code show_frame(const struct show *show);
enum exit_code show_chain(const struct show *show);
enum exit_code show_gallery(const struct show *show);

#endif
