/* The settings as what token, decoder and pipeline take: formats, rules, sizes. */
#include "world.h"

#include "settings.h"

static struct matrix_format matrix_of(const struct matrix_settings *matrix)
{
    return (struct matrix_format){matrix_blocks[matrix->block].width,
                                  matrix_blocks[matrix->block].height, (unsigned)matrix->quiet,
                                  (enum matrix_fec)matrix->fec, matrix->plain};
}

struct code_format settings_format(const struct settings *settings)
{
    return (struct code_format){.symbology = (enum symbology)settings->symbology,
                                .check_digits = settings->check_digits,
                                .qr_level = (enum qr_level)settings->qr_level,
                                .matrix = matrix_of(&settings->matrix)};
}

struct token_model settings_token(const struct settings *settings)
{
    return (struct token_model){settings_format(settings), (unsigned)settings->display.width,
                                (unsigned)settings->display.height};
}

struct decode_rules settings_rules(const struct settings *settings)
{
    struct token_form form = settings_token_form(settings);
    struct decode_rules rules =
        decode_rules_strict((enum symbology)settings->symbology, token_code_bytes(&form));
    rules.check_digits = settings->check_digits;
    rules.matrix = matrix_of(&settings->matrix);
    rules.display_width = (unsigned)settings->display.width;
    rules.display_height = (unsigned)settings->display.height;
    return rules;
}

/* Widens the frame to hold a camera's. */
static void hold(const struct camera_settings *camera, unsigned *width, unsigned *height)
{
    *width = camera->width > *width ? (unsigned)camera->width : *width;
    *height = camera->height > *height ? (unsigned)camera->height : *height;
}

void world_frame_size(const struct settings *settings, unsigned *width, unsigned *height)
{
    *width = *height = 0;
    hold(&settings->terminals.camera, width, height);
    if (settings->attacks.photographers > 0)
        hold(&settings->attacks.camera, width, height);
}
