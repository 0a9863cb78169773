/*
 * How the rows of the table of parameters are written: a macro a type, and the rows that several
 * cameras and displays share. For parameters.c alone.
 */
#ifndef CASHPOINT_PARAMETER_ROWS_H
#define CASHPOINT_PARAMETER_ROWS_H

/* The last two fields of a row: where it goes, and no check of its own. */
#define AT(field) offsetof(struct settings, field), NULL

#define TEXT(key, field, default_text, help)                                                \
    {                                                                                       \
        key, PARAMETER_TEXT, DIMENSION_NUMBER, NULL, NULL, default_text, help, "", NULL, 0, \
            AT(field)                                                                       \
    }
#define COUNT(key, field, minimum, maximum, default_text, help, source)                       \
    {                                                                                         \
        key, PARAMETER_COUNT, DIMENSION_NUMBER, minimum, maximum, default_text, help, source, \
            NULL, 0, AT(field)                                                                \
    }
#define QUANTITY(key, field, dimension, minimum, maximum, default_text, help, source)              \
    {                                                                                              \
        key, PARAMETER_QUANTITY, dimension, minimum, maximum, default_text, help, source, NULL, 0, \
            AT(field)                                                                              \
    }
#define DRAWN(key, field, dimension, minimum, maximum, default_text, help, source)            \
    {                                                                                         \
        key, PARAMETER_DISTRIBUTION, dimension, minimum, maximum, default_text, help, source, \
            NULL, 0, AT(field)                                                                \
    }

#define ASSUMED "assumption"
#define NEVER "366 day" /* outlasts any run */
#define LCD "128x64 LCD, 58 x 28 mm visible (data sheet class)"
#define VGA "VGA security camera, OV7950 class"
#define PHONE "phone, MT9F002 class"

#define CHOICE(key, field, choices, default_text, help, source)                                   \
    {                                                                                             \
        key, PARAMETER_CHOICE, DIMENSION_NUMBER, NULL, NULL, default_text, help, source, choices, \
            0, AT(field)                                                                          \
    }
#define FLAG(key, field, default_text, help, source)                                            \
    {                                                                                           \
        key, PARAMETER_FLAG, DIMENSION_NUMBER, NULL, NULL, default_text, help, source, NULL, 0, \
            AT(field)                                                                           \
    }

#define RATIO(key, field, maximum, default_text, help, source) \
    QUANTITY(key, field, DIMENSION_RATIO, "0 %", maximum, default_text, help, source)
#define NUMBER(key, field, minimum, maximum, default_text, help, source) \
    QUANTITY(key, field, DIMENSION_NUMBER, minimum, maximum, default_text, help, source)

/* The rows of one channel to the bank. */
#define CHANNEL(key, field, parties, way, wait)                                                   \
    DRAWN(key ".delay", field.delay, DIMENSION_TIME, "0 s", "1 h", way,                           \
          parties ", one way; each "                                                              \
                  "message by itself, so that one may overtake another",                          \
          ASSUMED),                                                                               \
        RATIO(key ".loss", field.loss, "100 %", "0 %", "Messages that are lost", ASSUMED),        \
        RATIO(key ".duplicate", field.duplicate, "100 %", "0 %", "Messages that come twice",      \
              ASSUMED),                                                                           \
        DRAWN(key ".again", field.again, DIMENSION_TIME, "0 s", "1 day", "exponential(mean 2 s)", \
              "From the first copy of such a message to the second", ASSUMED),                    \
        QUANTITY(key ".timeout", field.timeout, DIMENSION_TIME, "10 ms", "1 h", wait,             \
                 "Without an answer for so long, a message is sent again. Only where something "  \
                 "can get lost: with loss, duplication, faults, or bank.workers; else it waits",  \
                 ASSUMED),                                                                        \
        COUNT(key ".retries", field.retries, "0", "20", "2",                                      \
              "Repetitions of a request until its sender gives up", ASSUMED),                     \
        NUMBER(key ".back_off", field.back_off, "1", "10", "2",                                   \
               "Factor by which the timeout grows with each repetition", ASSUMED),                \
        QUANTITY(key ".longest", field.longest, DIMENSION_TIME, "10 ms", "1 day", "5 min",        \
                 "... and its end: reversals and advices are repeated until they are "            \
                 "acknowledged",                                                                  \
                 ASSUMED)

/* The rows of one camera; `focus` is left to the caller, as only the ATM's is set. */
#define CAMERA(key, field, named, columns, lines, pixel, focal, stop, row, well, rms, source)      \
    CHOICE(key ".preset", field.preset, camera_preset_names, named,                                \
           "A sensor (and, of an attacker, a lens) by its name: fills what is not given below",    \
           ""),                                                                                    \
        COUNT(key ".width", field.width, "16", "1920", columns, "Width of the frame in pixels",    \
              source),                                                                             \
        COUNT(key ".height", field.height, "16", "1080", lines, "Height of the frame in pixels",   \
              source),                                                                             \
        QUANTITY(key ".pixel_pitch", field.pixel_pitch, DIMENSION_LENGTH, "0.5 um", "50 um",       \
                 pixel, "Distance from pixel to pixel on the sensor", source),                     \
        QUANTITY(key ".focal_length", field.focal_length, DIMENSION_LENGTH, "0.5 mm", "1000 mm",   \
                 focal, "Focal length of the lens", source),                                       \
        NUMBER(key ".f_number", field.f_number, "0.7", "64", stop, "Focal length over aperture",   \
               source),                                                                            \
        NUMBER(key ".k1", field.k1, "-1", "1", "0",                                                \
               "Radial distortion, of the radius over the image distance squared; below 0: "       \
               "barrel",                                                                           \
               "Brown 1971; 0: assumption"),                                                       \
        NUMBER(key ".k2", field.k2, "-1", "1", "0", "The same, of its fourth power",               \
               "Brown 1971; 0: assumption"),                                                       \
        FLAG(key ".vignetting", field.vignetting, "yes", "Whether corners darken by cos^4",        \
             "the law of a simple lens"),                                                          \
        CHOICE(                                                                                    \
            key ".exposure_mode", field.exposure_mode, exposure_modes, "auto",                     \
            "auto: holds the level of the bright display; fixed: exposure, aperture, luminance "   \
            "and quantum efficiency decide",                                                       \
            ASSUMED),                                                                              \
        QUANTITY(key ".exposure", field.exposure, DIMENSION_TIME, "1 us", "1 s", "10 ms",          \
                 "Exposure time of a shot", ASSUMED),                                              \
        QUANTITY(key ".level", field.level, DIMENSION_RATIO, "5 %", "100 %", "70 %",               \
                 "What auto-exposure makes of the bright display, of saturation", ASSUMED),        \
        QUANTITY(key ".row_time", field.row_time, DIMENSION_TIME, "0 s", "1 ms", row,              \
                 "From the start of one row to the next's; 0: global shutter", source),            \
        RATIO(key ".flicker", field.flicker, "100 %", "0 %",                                       \
              "How far the light swings around its mean", ASSUMED),                                \
        QUANTITY(key ".flicker_rate", field.flicker_rate, DIMENSION_RATE, "1 /s", "100000 /s",     \
                 "100 /s", "How often: twice the mains", "mains of 50 Hz"),                        \
        QUANTITY(key ".quantum_efficiency", field.quantum_efficiency, DIMENSION_RATIO, "1 %",      \
                 "100 %", "50 %", "Electrons a photon (exposure_mode: fixed)", ASSUMED),           \
        QUANTITY(key ".full_well", field.full_well, DIMENSION_CHARGE, "100 e-", "1000000 e-",      \
                 well, "Electrons at saturation", source),                                         \
        NUMBER(key ".gain", field.gain, "0", "10", "0",                                            \
               "Grey levels (DN) an electron; 0: such that the full well is 255 DN",               \
               "EMVA 1288 R3.1, K"),                                                               \
        QUANTITY(key ".read_noise", field.read_noise, DIMENSION_CHARGE, "0 e-", "1000 e-", rms,    \
                 "Dark noise of a pixel, rms", source),                                            \
        NUMBER(key ".dark", field.dark, "0", "128", "0", "Offset of a dark pixel in DN",           \
               "assumption: subtracted by the camera"),                                            \
        RATIO(key ".prnu", field.prnu, "20 %", "1 %",                                              \
              "Gain difference from pixel to pixel, rms (EMVA 1288 PRNU)", ASSUMED),               \
        NUMBER(key ".dsnu", field.dsnu, "0", "20", "0.5",                                          \
               "Offset difference from pixel to pixel in DN, rms (EMVA 1288 DSNU)", ASSUMED),      \
        CHOICE(key ".noise", field.noise, noise_modes, "fast",                                     \
               "fast: by tables, none beyond 4.3 sigma; exact: Box-Muller, right up to 6.5, none " \
               "beyond 6.76",                                                                      \
               ""),                                                                                \
        CHOICE(key ".mosaic", field.mosaic, mosaics, "none",                                       \
               "Colour filters before the pixels; a mosaic is balanced and made grey again",       \
               ASSUMED),                                                                           \
        RATIO(key ".red", field.red, "400 %", "60 %", "What a red pixel gets, of a green one",     \
              ASSUMED),                                                                            \
        RATIO(key ".blue", field.blue, "400 %", "50 %", "What a blue pixel gets, of a green one",  \
              ASSUMED),                                                                            \
        COUNT(key ".jpeg", field.jpeg, "0", "100", "0",                                            \
              "JPEG quality at which the frame is sent to the bank; 0: not compressed", ASSUMED),  \
        CHOICE(key ".stress.kind", field.stress, stress_kinds, "none",                             \
               "A corruption of the finished frame", "ImageNet-C: Hendrycks and Dietterich 2019"), \
        COUNT(key ".stress.severity", field.severity, "1", "5", "1", "How severe it is",           \
              "ImageNet-C: Hendrycks and Dietterich 2019")

/* The rows of one display, but for the dots of a token's. */
#define DISPLAY(key, field, names, named, form, dot, ratio, light, source)                         \
    CHOICE(key ".preset", field.preset, names, named,                                              \
           "A display by its name: fills what is not given below", ""),                            \
        CHOICE(key ".kind", field.kind, display_kinds, form,                                       \
               "lcd: dark dots on a bright field; oled: bright dots on black; phone: blocks of a " \
               "finer panel's pixels",                                                             \
               source),                                                                            \
        QUANTITY(key ".pitch", field.pitch, DIMENSION_LENGTH, "0.02 mm", "10 mm", dot,             \
                 "Distance from dot to dot (on a phone: from module to module)", source),          \
        NUMBER(key ".contrast", field.contrast, "1.05", "10000", ratio,                            \
               "Luminance of a bright dot over that of a dark one", ASSUMED),                      \
        RATIO(key ".gap", field.gap, "90 %", "0 %", "Gap between dots, of the pitch", ASSUMED),    \
        QUANTITY(key ".panel_pitch", field.panel_pitch, DIMENSION_LENGTH, "0 mm", "10 mm", "0 mm", \
                 "phone: from pixel to pixel of the panel; 0: too fine to be seen", ASSUMED),      \
        RATIO(key ".panel_gap", field.panel_gap, "90 %", "0 %",                                    \
              "phone: black between those pixels, of their pitch", ASSUMED),                       \
        NUMBER(key ".luminance", field.luminance, "0.01", "100000", light,                         \
               "Of a bright dot in cd/m2 (a camera's exposure_mode: fixed)", ASSUMED)

#endif
